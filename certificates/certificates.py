"""Which certificates a person may see."""

import re
from collections.abc import Sequence

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import joinedload

from certificates import codes
from certificates.models import Certificate
from lms.kit import i18n
from lms.people.models import Person
from lms.pipeline import cohorts
from lms.pipeline.models import Cohort

WHOLE = (
    joinedload(Certificate.document),
    joinedload(Certificate.revocation),
    joinedload(Certificate.replacement).load_only(Certificate.code, Certificate.year, Certificate.serial),
)
MOST_WORDS = 5


def of(person: Person) -> Select[Certificate]:
    """The person's own certificates, the latest first."""
    mine = select(Certificate).where(Certificate.person_id == person.id).options(*WHOLE)
    return mine.order_by(Certificate.year.desc(), Certificate.serial.desc())


def led_by(person: Person) -> Select[Certificate]:
    """The certificates of the cohorts that the person leads (an administrator: all)."""
    led = cohorts.led_by(person).with_only_columns(Cohort.id)
    return select(Certificate).where(Certificate.cohort_id.in_(led)).options(*WHOLE)


def readable_by(person: Person) -> Select[Certificate]:
    """The certificates that the person may take home: their own, and those of the cohorts that they lead."""
    led = cohorts.led_by(person).with_only_columns(Cohort.id)
    own = or_(Certificate.person_id == person.id, Certificate.cohort_id.in_(led))
    return select(Certificate).where(own).options(*WHOLE)


def searched(query: Select[Certificate], typed: str) -> Select[Certificate]:
    """Those that each of the typed words fits: a part of the printed name or its spelling, the number, or the code."""
    for word in _words(typed):
        number = re.fullmatch(r"제?(\d{4})-(\d{1,9})호?", word)
        fits = [
            Certificate.facts["name"].as_string().icontains(word, autoescape=True),
            Certificate.facts["latin_name"].as_string().icontains(word, autoescape=True),
        ]
        if number:
            fits.append(and_(Certificate.year == int(number[1]), Certificate.serial == int(number[2])))
        if len(code := codes.tidy(word)) == codes.LENGTH:
            fits.append(Certificate.code == code)
        query = query.where(or_(*fits))
    return query


def number(certificate: Certificate) -> str:
    """A certificate's number as the reader's language writes it, where its facts are not at hand."""
    text = f"{certificate.year}-{certificate.serial:04d}"
    return f"제{text}호" if i18n.current() == "ko" else f"No. {text}"


def _words(typed: str) -> Sequence[str]:
    return typed.replace("\x00", "").split()[:MOST_WORDS]
