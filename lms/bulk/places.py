"""Which cohort a row means: one that is here, or a past one that the file itself describes."""

from collections import defaultdict
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from lms.bulk import known
from lms.bulk.columns import plain
from lms.bulk.known import KnownCohort, Place
from lms.bulk.models import Kind
from lms.bulk.plans import NewCohort, Outcome, Plan, Way
from lms.bulk.rows import Parsed
from lms.bulk.walking import Step
from lms.kit import clock
from lms.kit.db import new_key
from lms.people.models import Person
from lms.pipeline.models import Programme, Stage

DESCRIBED_BY = ("starts_on", "ends_on", "seats", "track", "cohort_en")
DAYS = ("applied", "waiting", "declined", "withdrawn", "admitted")


class Finder:
    """Finds cohorts by the words of rows and says what is wrong with them, once for each name."""

    def __init__(self, session: Session, by: Person, plan: Plan) -> None:
        self.plan = plan
        self.known = known.led_cohorts(session, by)
        self.programmes = known.programmes(session) if plan.kind is Kind.COHORTS else []
        self.found: dict[tuple[str, str], tuple[Parsed, UUID | None]] = {}
        self.new: dict[UUID, NewCohort] = {}

    def cohort(self, row: Parsed) -> UUID | None:
        """The key of the cohort that the row means, or None when that cannot be said."""
        key = plain(row["programme"] or ""), plain(row["cohort"])
        if key in self.found:
            return self._again(row, *self.found[key])
        found = self._past(row) if self.plan.kind is Kind.COHORTS else self._led(row)
        self.found[key] = row, found
        return found

    def touched(self) -> set[UUID]:
        """The known cohorts that rows named."""
        return {key for _row, key in self.found.values() if key} - self.new.keys()

    def check_seats(self, ways: list[Way], places: dict[tuple[UUID, UUID], Place]) -> None:
        """Refuse to seat more people than there are seats: counted when all rows have been walked."""
        taken = known.seats_taken(places)
        first: dict[UUID, Step] = {}
        for way in ways:
            if any(step.stage is Stage.ADMITTED for step in way.steps):
                first.setdefault(way.cohort_id, next(step for step in way.steps if step.stage is Stage.ADMITTED))
            if (way.cohort_id, way.person_id) not in places:  # the others were walked where they stand
                taken[way.cohort_id] += way.place.standing.traineeship not in (None, Stage.LEFT)
        for cohort_id, step in first.items():
            title, seats = self._seats(cohort_id)
            if seats is not None and taken[cohort_id] > seats:
                self.plan.wrong(step.move.row, step.move.column, "full", text=title, seats=seats, now=taken[cohort_id])

    def _seats(self, cohort_id: UUID) -> tuple[str, int | None]:
        if new := self.new.get(cohort_id):
            return new.title, new.seats
        cohort = next(each for each in self.known if each.id == cohort_id)
        return cohort.slug, cohort.seats

    def _again(self, row: Parsed, first: Parsed, found: UUID | None) -> UUID | None:
        if found is None:
            self.plan.wrong(row.number, "cohort", "cohort_unclear", other=first.number)
            return None
        if self.plan.kind is Kind.COHORTS:
            for key in DESCRIBED_BY:
                if row[key] is not None and row[key] != first[key]:
                    self.plan.wrong(row.number, key, "cohort_differs", other=first.number, text=row["cohort"])
        if found in self.new:
            self._widen(self.new[found], row)
        return found

    def _led(self, row: Parsed) -> UUID | None:
        return self._one(row, self._called(row["cohort"]), "unknown_cohort", "two_cohorts")

    def _called(self, text: str) -> list[KnownCohort]:
        same = [each for each in self.known if each.slug == text.strip()]
        return same or [each for each in self.known if plain(text) in each.titles]

    def _one(self, row: Parsed, found: list[KnownCohort], none: str, many: str) -> UUID | None:
        if len(found) == 1:
            return found[0].id
        if not found:
            self.plan.wrong(row.number, "cohort", none, text=row["cohort"])
        else:
            names = ", ".join(each.slug for each in found[:5])
            self.plan.wrong(row.number, "cohort", many, text=row["cohort"], names=names)
        return None

    def _past(self, row: Parsed) -> UUID | None:
        programme = self._programme(row)
        if programme is None or not self._days_are_right(row):
            return None
        here = [each for each in self._called(row["cohort"]) if each.programme_id == programme.id]
        if here:
            cohort_id = self._one(row, here, "unknown_cohort", "two_cohorts")
            if cohort_id and (here[0].starts_on, here[0].ends_on) != (row["starts_on"], row["ends_on"]):
                self.plan.wrong(row.number, "starts_on", "cohort_stays", text=row["cohort"])
            return cohort_id
        if row["ends_on"] >= clock.today():
            self.plan.wrong(row.number, "ends_on", "cohort_not_over", day=row["ends_on"].isoformat())
            return None
        return self._new(row, programme)

    def _days_are_right(self, row: Parsed) -> bool:
        if row["ends_on"] < row["starts_on"]:
            days = {"day": row["ends_on"].isoformat(), "other_day": row["starts_on"].isoformat()}
            self.plan.wrong(row.number, "ends_on", "cohort_backwards", **days)
            return False
        return True

    def _programme(self, row: Parsed) -> Programme | None:
        text = row["programme"]
        found = [each for each in self.programmes if each.slug == text] or [
            each for each in self.programmes if plain(text) in {plain(title) for title in each.title.values()}
        ]
        if len(found) == 1:
            return found[0]
        if found:
            names = ", ".join(each.slug for each in found[:5])
            self.plan.wrong(row.number, "programme", "two_programmes", text=text, names=names)
        else:
            self.plan.wrong(row.number, "programme", "unknown_programme", text=text)
        return None

    def _new(self, row: Parsed, programme: Programme) -> UUID:
        made = NewCohort(
            id=new_key(),
            programme_id=programme.id,
            title=row["cohort"],
            title_en=row["cohort_en"] or "",
            starts_on=row["starts_on"],
            ends_on=row["ends_on"],
            seats=row["seats"],
            track=row["track"] or "",
            row=row.number,
            first_day=row["starts_on"],
        )
        self.new[made.id] = made
        self.plan.cohorts.append(made)
        self.plan.does(row.number, Outcome.MADE, "cohort", made.title, made.starts_on, made.ends_on, made.seats)
        self._widen(made, row)
        return made.id

    def _widen(self, made: NewCohort, row: Parsed) -> None:
        """Applications were taken from the first day that one came in."""
        days: list[date] = [row[key] for key in DAYS if row[key]]
        made.first_day = min([made.first_day, *days])


def held(ways: list[Way]) -> dict[UUID, int]:
    """Cohort → how many of these ways end with a seat, 1 at least."""
    count: dict[UUID, int] = defaultdict(int)
    for way in ways:
        count[way.cohort_id] += way.place.standing.traineeship not in (None, Stage.LEFT)
    return count
