"""How an issued certificate is drawn: from the rows that were written with it, so that it is the same on any day."""

from sqlalchemy import select

from certificates.design import Drawn
from certificates.issue_models import IssuingRule
from certificates.models import Certificate
from lms.kit.db import session
from lms.pipeline.models import Cohort


def drawn_for(certificate: Certificate) -> Drawn:
    """In the languages that the programme's rule said when it was issued."""
    said = (
        select(IssuingRule.languages)
        .join(Cohort, Cohort.programme_id == IssuingRule.programme_id)
        .where(Cohort.id == certificate.cohort_id, IssuingRule.version == certificate.issuing_version)
    )
    return Drawn(certificate.design, session.scalar(said) or "both")
