"""The way of one person through one cohort, laid out from the moves of a file. Pure: the laws are those of the ledger."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from lms.bulk.findings import Finding
from lms.kit import clock
from lms.pipeline.models import LeavingReason, Stage
from lms.pipeline.traineeships import NEXT, OF_APPLICATIONS, OF_TRAINEESHIPS

ORDER = {stage: place for place, stage in enumerate(Stage)}
A_MOMENT = timedelta(microseconds=1)  # what tells two moves of one day apart
WITH_REASON = frozenset({Stage.WITHDRAWN, Stage.LEFT})


@dataclass(frozen=True)
class Move:
    """What a row says: this stage was reached on this day."""

    stage: Stage
    day: date
    row: int
    column: str
    reason: LeavingReason | None = None
    note: str = ""


@dataclass(frozen=True)
class Step:
    """A move that the ledger takes: from which stage, and at which moment."""

    stage: Stage
    before: Stage | None
    happened_at: datetime
    move: Move


@dataclass
class Standing:
    """Where somebody stands in a cohort: on the application, then on the traineeship; and the days known so far."""

    application: Stage | None = None
    traineeship: Stage | None = None
    last: datetime | None = None
    reached: dict[Stage, set[date]] = field(default_factory=dict)

    @property
    def now(self) -> Stage | None:
        return self.traineeship or self.application

    def note(self, stage: Stage, happened_at: datetime) -> None:
        """Keep that `stage` was reached then."""
        self.reached.setdefault(stage, set()).add(happened_at.astimezone(clock.SEOUL).date())
        self.last = max(self.last, happened_at) if self.last else happened_at

    def may_reach(self, stage: Stage) -> bool:
        """The ledger's law: the table of moves, and which stages are of which row."""
        own = OF_TRAINEESHIPS if self.traineeship else OF_APPLICATIONS
        return stage in NEXT[self.now] and stage in own

    def take(self, step: Step) -> None:
        if self.traineeship or step.stage is Stage.ADMITTED:
            self.traineeship = step.stage
        if step.stage in OF_APPLICATIONS:
            self.application = step.stage
        self.note(step.stage, step.happened_at)


def walk(standing: Standing, moves: Iterable[Move]) -> tuple[list[Step], list[Finding]]:
    """The steps that the moves make from `standing`, which is moved along; what the file repeats makes none.

    The next one is always the earliest of those that may follow, so the rows of a file need no order.
    """
    steps: list[Step] = []
    findings: list[Finding] = []
    left: list[Move] = []
    for move in sorted(moves, key=lambda each: (each.day, ORDER[each.stage])):
        if move.day > clock.today():
            findings.append(Finding(move.row, move.column, "future", {"day": move.day.isoformat()}))
        elif move.day not in standing.reached.get(move.stage, ()):
            left.append(move)
    while left:
        found = next((each for each in left if standing.may_reach(each.stage)), None)
        if found is None:
            findings += [_stuck(standing, each) for each in left]
            break
        left.remove(found)
        step = _step(standing, found)
        if isinstance(step, Finding):
            findings.append(step)
            break
        standing.take(step)
        steps.append(step)
    return steps, findings


def _step(standing: Standing, move: Move) -> Step | Finding:
    moment = clock.day_start(move.day)
    if standing.last and standing.last >= moment:
        last_day = standing.last.astimezone(clock.SEOUL).date()
        if last_day > move.day:
            values = {
                "stage": move.stage.value,
                "day": move.day.isoformat(),
                "now": standing.now.value if standing.now else "",
                "other_day": last_day.isoformat(),
            }
            return Finding(move.row, move.column, "backwards", values)
        moment = standing.last + A_MOMENT
    if move.stage in WITH_REASON and move.reason is None:
        return Finding(move.row, "reason", "reason_needed")
    return Step(move.stage, standing.now, moment, move)


def _stuck(standing: Standing, move: Move) -> Finding:
    if days := standing.reached.get(move.stage):
        values = {"stage": move.stage.value, "other_day": max(days).isoformat()}
        return Finding(move.row, move.column, "other_day", values)
    if standing.now is None:
        return Finding(move.row, move.column, "not_applied_yet")
    values = {"stage": move.stage.value, "now": standing.now.value}
    return Finding(move.row, move.column, "no_such_step", values)
