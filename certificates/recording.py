"""The row of a new certificate: the one place where it is written, whether it is the first or replaces another."""

from datetime import datetime

from certificates.facts import Facts
from certificates.models import Certificate
from lms.kit.db import new_key, session


def record(certificate: Certificate, facts: Facts, moment: datetime) -> Certificate:
    """Freeze `facts` in the row and write it. The row's own columns that people search and sort by follow the facts."""
    certificate.id = new_key()
    certificate.facts = facts.as_json()
    certificate.year, certificate.serial, certificate.code = facts.year, facts.serial, facts.code
    certificate.issued_on, certificate.expires_on, certificate.issued_at = facts.issued_on, facts.expires_on, moment
    session.add(certificate)
    session.flush()
    return certificate
