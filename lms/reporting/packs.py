"""Reports that are handed over: asked for, frozen in the same transaction, and never changed after that.

A later report of the year names the one before and says what is different.
"""

import calendar
from collections.abc import Collection
from datetime import date
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import Select, exists, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload, selectinload

from lms.kit import clock, i18n, jobs
from lms.kit.db import new_key, session
from lms.kit.refusal import Conflict, Refused
from lms.people import audit
from lms.people.models import Person, Role
from lms.pipeline import cohorts
from lms.pipeline.models import Cohort
from lms.reporting import intakes, pack_freezing, targets
from lms.reporting.intakes import Intake
from lms.reporting.pace import Pace
from lms.reporting.pack_files import make_report_files
from lms.reporting.pack_freezing import Frozen, Period
from lms.reporting.pack_models import ReportCohort, ReportFile, ReportPack

LONGEST = 2000  # characters of an explanation


def visible_to(person: Person) -> Select[ReportPack]:
    """The reports over nothing but cohorts that the person leads (an administrator: all), the latest first."""
    query = select(ReportPack).options(
        joinedload(ReportPack.asked_by), selectinload(ReportPack.files).joinedload(ReportFile.file)
    )
    if not person.has(Role.ADMIN):
        led = cohorts.led_by(person).with_only_columns(Cohort.id)
        query = query.where(~exists().where(ReportCohort.pack_id == ReportPack.id, ReportCohort.cohort_id.not_in(led)))
    return query.order_by(ReportPack.made_at.desc(), ReportPack.id.desc())


def counted(person: Person, key: UUID) -> list[Intake] | None:
    """The cohorts that a report counted, for the lists behind its numbers; None where the person may not read it."""
    if session.scalar(visible_to(person).with_only_columns(ReportPack.id).where(ReportPack.id == key)) is None:
        return None
    return intakes.among(list(session.scalars(select(ReportCohort.cohort_id).where(ReportCohort.pack_id == key))))


def latest(person: Person, programme: str, year: int) -> ReportPack | None:
    """The newest report of this year that the person may read: the next one is compared with it."""
    same = (ReportPack.programme == programme, ReportPack.year == year)
    query = visible_to(person).where(*same).order_by(None).order_by(ReportPack.number.desc())
    return session.scalars(query.limit(1)).unique().one_or_none()


def look(person: Person, asked: Period) -> tuple[Frozen, ReportPack | None]:
    """What a report of the period would say, and the one before it. Raises Refused where there is nothing to report."""
    _check(person, asked)
    before = latest(person, asked.programme, asked.year)
    return pack_freezing.freeze(person, asked, before), before


def standing(frozen: Frozen, asked: Period) -> Pace:
    """The year as it stood on the last day."""
    return Pace(asked.year, asked.last, frozen.values["values"]["experts"][1], frozen.values["target"])


def must_explain(pace: Pace) -> bool:
    """Whether a target is missed: at the year's end the number itself, before it the part that an even pace would have."""
    return pace.target is not None and pace.reached < (pace.even or 0)


def hand_over(person: Person, asked: Period, *, explanation: str, seen: int) -> ReportPack:
    """Freeze the report after the one that was `seen` (0: there was none), and have its files made.

    Raises Conflict when another one was made in between, Refused where the period cannot be reported or a missed target is
    not explained.
    """
    frozen, before = look(person, asked)
    if seen != (before.number if before else 0):
        raise Conflict(_in_between(before))
    if must_explain(standing(frozen, asked)) and not explanation:
        raise Refused(_("Explain why the target is missed. The explanation stands in the report."))
    made = ReportPack(
        id=new_key(),
        programme=asked.programme,
        year=asked.year,
        number=_next(asked),
        first_day=asked.first,
        last_day=asked.last,
        known_at=asked.known,
        figures=frozen.values,
        explanation=explanation,
        asked_by_id=person.id,
        previous_id=before.id if before else None,
    )
    _add(made, frozen.cohorts, person)
    audit.note(person, "report.made", made, new={"year": asked.year, "number": made.number, **_days(asked)})
    jobs.later(make_report_files, pack_id=str(made.id))
    return made


def _add(made: ReportPack, counted_in: Collection[UUID], person: Person) -> None:
    try:
        with session.begin_nested():
            session.add(made)
            session.flush()
    except IntegrityError:
        raise Conflict(_in_between(latest(person, made.programme, made.year))) from None
    session.add_all(ReportCohort(pack_id=made.id, cohort_id=each) for each in counted_in)
    session.flush()


def _next(asked: Period) -> int:
    same = (ReportPack.programme == asked.programme, ReportPack.year == asked.year)
    return (session.scalar(select(func.max(ReportPack.number)).where(*same)) or 0) + 1


def _days(asked: Period) -> dict[str, str]:
    return {"first_day": asked.first.isoformat(), "last_day": asked.last.isoformat()}


def _check(person: Person, asked: Period) -> None:
    today = clock.today()
    if asked.first > asked.last:
        raise Refused(_("The period ends before it begins. Exchange the two days."))
    if asked.last > today:
        raise Refused(
            _(
                "The period ends in the future. A report tells what happened: choose a last day up to %(today)s.",
                today=i18n.day(today),
            )
        )
    if asked.first.year != asked.last.year or not pack_freezing.sane(asked.first):
        raise Refused(_("Targets are set by the year: choose a period within one calendar year."))
    led = [each for each in intakes.led_by(person) if asked.programme in ("", each.programme_slug)]
    if asked.programme and asked.programme not in {each.slug for each in targets.promises(person, asked.year)}:
        raise Refused(_("You lead no cohort of this programme. Choose another one."))
    if not any(each.touches(asked.year) for each in led):
        raise Refused(
            _("You lead no cohort in %(year)s, so there is nothing to report. Choose another year.", year=asked.year)
        )


def _in_between(now: ReportPack | None) -> str:
    if now is None:
        return _("Another report of this year was made in between. Look at it, then make yours if it is still needed.")
    return _(
        "%(name)s made report %(number)s in between, for %(first)s to %(last)s. Look at it, then make yours if it is needed.",
        name=now.asked_by.name,
        number=now.number,
        first=i18n.day(now.first_day),
        last=i18n.day(now.last_day),
    )


def year_to_date(today: date) -> tuple[date, date]:
    """The period that is offered first: from New Year up to today."""
    return date(today.year, 1, 1), today


def offered(today: date) -> list[tuple[date, date]]:
    """Periods that are over and usually reported: the quarters and the half of this year, and the whole of the last."""
    year = today.year
    usual = [(1, 3), (4, 6), (1, 6), (7, 9)]
    over = [(date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1])) for first, last in usual]
    return [*((first, last) for first, last in over if last <= today), (date(year - 1, 1, 1), date(year - 1, 12, 31))]
