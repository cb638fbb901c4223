"""The way of one person through a cohort: what the ledger takes one move at a time, and what it refuses."""

import itertools
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from lms.bulk.walking import ORDER, Move, Standing, walk
from lms.kit import clock
from lms.pipeline.models import LeavingReason, Stage
from lms.pipeline.traineeships import NEXT

FIRST = date(2024, 2, 1)


def move(stage: Stage, days: int, *, reason: LeavingReason | None = None, row: int = 2) -> Move:
    return Move(stage, FIRST + timedelta(days=days), row, "happened_on", reason)


def stages(moves: list[Move], standing: Standing | None = None) -> tuple[list[Stage], list[str]]:
    steps, findings = walk(standing or Standing(), moves)
    return [step.stage for step in steps], [each.code for each in findings]


def test_rows_need_no_order_and_one_day_may_hold_several_steps():
    moves = [move(Stage.TRAINING, 3), move(Stage.ADMITTED, 0), move(Stage.APPLIED, 0), move(Stage.COMPLETED, 9)]
    steps, findings = walk(Standing(), moves)
    assert findings == []
    assert [step.stage for step in steps] == [Stage.APPLIED, Stage.ADMITTED, Stage.TRAINING, Stage.COMPLETED]
    moments = [step.happened_at for step in steps]
    assert moments == sorted(set(moments))
    assert [moment.astimezone(clock.SEOUL).date() for moment in moments] == [
        FIRST + timedelta(days=n) for n in (0, 0, 3, 9)
    ]
    assert [step.before for step in steps] == [None, Stage.APPLIED, Stage.ADMITTED, Stage.TRAINING]


def test_dates_out_of_order_are_told():
    assert stages([move(Stage.APPLIED, 5), move(Stage.ADMITTED, 1)])[1] == ["backwards"]


def test_a_missing_step_is_told_for_each_row_behind_it():
    found = stages([move(Stage.APPLIED, 0), move(Stage.COMPLETED, 5, row=3), move(Stage.CERTIFIED, 6, row=4)])
    assert found == ([Stage.APPLIED], ["no_such_step", "no_such_step"])
    assert stages([move(Stage.ADMITTED, 0)])[1] == ["not_applied_yet"]


def test_leaving_needs_a_reason():
    way = [move(Stage.APPLIED, 0), move(Stage.ADMITTED, 1)]
    assert stages([*way, move(Stage.LEFT, 2)])[1] == ["reason_needed"]
    assert stages([*way, move(Stage.LEFT, 2, reason=LeavingReason.EMPLOYED)])[1] == []


def test_tomorrow_is_refused():
    ahead = (clock.today() - FIRST).days + 1
    assert stages([move(Stage.APPLIED, ahead)])[1] == ["future"]
    assert stages([move(Stage.APPLIED, ahead - 1)])[1] == []


def test_what_is_here_already_is_left_alone_and_another_day_for_it_is_told():
    def reached() -> Standing:
        standing = Standing(application=Stage.APPLIED)
        standing.note(Stage.APPLIED, clock.day_start(FIRST) + timedelta(hours=15))
        return standing

    assert stages([move(Stage.APPLIED, 0)], reached()) == ([], [])
    assert stages([move(Stage.APPLIED, 1)], reached()) == ([], ["other_day"])
    steps, findings = walk(reached(), [move(Stage.APPLIED, 0), move(Stage.ADMITTED, 0)])
    assert findings == []
    assert steps[0].happened_at > clock.day_start(FIRST) + timedelta(hours=15)


def test_a_declined_application_may_be_admitted_after_all():
    found = stages([move(Stage.APPLIED, 0), move(Stage.DECLINED, 3), move(Stage.ADMITTED, 5)])
    assert found == ([Stage.APPLIED, Stage.DECLINED, Stage.ADMITTED], [])


@given(st.lists(st.tuples(st.sampled_from(list(Stage)), st.integers(0, 6)), max_size=7, unique_by=lambda pair: pair[0]))
def test_whatever_is_taken_keeps_the_law_of_the_ledger(pairs: list[tuple[Stage, int]]):
    moves = [move(stage, days, reason=LeavingReason.OTHER, row=ORDER[stage] + 2) for stage, days in pairs]
    steps, findings = walk(Standing(), moves)
    before = None
    for step in steps:
        assert step.before == before
        assert step.stage in NEXT[before]
        before = step.stage
    assert all(earlier.happened_at < later.happened_at for earlier, later in itertools.pairwise(steps))
    assert findings or {step.stage for step in steps} == {stage for stage, _days in pairs}
