"""The register of every certificate ever issued: what its filters mean, on the page, in a file and on paper."""

from collections.abc import Mapping
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, select

from certificates import certificates, states
from certificates.models import Certificate
from certificates.states import State
from courses.gradebook.models import Completion
from lms.people.models import Person
from lms.pipeline.models import Cohort

FILTERS = ("q", "year", "state", "kind", "programme", "cohort")
KINDS = {"course": Completion.enrolment_id.is_not(None), "programme": Completion.traineeship_id.is_not(None)}
KIND_NAMES = {"programme": _l("A whole programme"), "course": _l("A single course")}
LATEST = "-number"
NAME = Certificate.facts["name"].as_string()
ORDERS = {
    "number": (Certificate.year, Certificate.serial),
    LATEST: (Certificate.year.desc(), Certificate.serial.desc()),
    "name": (NAME, Certificate.year, Certificate.serial),
    "-name": (NAME.desc(), Certificate.year, Certificate.serial),
}


def asked(reader: Person, filters: Mapping[str, str | None], sort: str = LATEST) -> Select[Certificate]:
    """The certificates that the reader may see and that fit every filter, in order. What is no filter is passed over."""
    query = certificates.searched(certificates.led_by(reader), filters.get("q") or "")
    year, state = filters.get("year") or "", filters.get("state") or ""
    if year.isdecimal() and len(year) == 4:
        query = query.where(Certificate.year == int(year))
    if (kind := filters.get("kind") or "") in KINDS:
        query = query.where(Certificate.completion.has(KINDS[kind]))
    if programme := _key(filters.get("programme")):
        query = query.where(Certificate.cohort_id.in_(select(Cohort.id).where(Cohort.programme_id == programme)))
    if cohort := _key(filters.get("cohort")):
        query = query.where(Certificate.cohort_id == cohort)
    if state == "waiting":
        query = query.where(~Certificate.document.has())
    if state in set(State):
        query = query.where(states.being(State(state)))
    return query.order_by(*ORDERS.get(sort, ORDERS[LATEST]))


def _key(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None
