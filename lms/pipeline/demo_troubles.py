"""Who of the demonstration's people gets into trouble, from when on, and how it ends: the rooms above tell their parts of it.

Most who leave for want of time or because of the level come less and do less for weeks before; work, health and a move come
suddenly. Some never leave and only do nothing more.
"""

from dataclasses import dataclass

from lms.kit.story import Story
from lms.people.demo import TRAINEE
from lms.pipeline.demo import Plan
from lms.pipeline.models import LeavingReason

LEAVING, STALLING = 0.12, 0.05  # shares of a cohort
REASONS: dict[LeavingReason, tuple[int, str]] = {
    LeavingReason.EMPLOYED: (34, "과정 중 취업이 확정되어 입사일에 맞추어 그만둠"),
    LeavingReason.TIME: (27, "직장 업무와 병행하기 어려움"),
    LeavingReason.LEVEL: (14, "수학과 프로그래밍 기초를 더 다진 뒤 다시 지원하기로 함"),
    LeavingReason.HEALTH: (11, "치료를 위해 쉬기로 함"),
    LeavingReason.MOVED: (8, "다른 지역으로 이사"),
    LeavingReason.RULES: (4, "출석 규정을 지키지 못함"),
    LeavingReason.OTHER: (2, ""),
}
SUDDEN = frozenset({LeavingReason.EMPLOYED, LeavingReason.HEALTH, LeavingReason.MOVED})
NEVER = 2.0  # a share of the days that no cohort reaches


@dataclass(frozen=True)
class Trouble:
    """As shares of a cohort's days: from when somebody does less, when they do nothing more, when they leave and why."""

    fades: float = NEVER
    stalls: float = NEVER
    leaves: float = NEVER
    reason: LeavingReason | None = None


NONE = Trouble()


def of(story: Story, plan: Plan, email: str) -> Trouble:
    """What befalls somebody in a cohort, the same each time; mostly nothing."""
    if email == TRAINEE.email:
        return NONE
    chance = story.chance("trouble", plan.slug, email)
    die = chance.random()
    if die < LEAVING:
        leaves = chance.uniform(0.15, 0.85)
        reason = chance.choices(list(REASONS), [share for share, _note in REASONS.values()])[0]
        fades = NEVER if reason in SUDDEN else leaves * chance.uniform(0.15, 0.5)
        return Trouble(fades, NEVER, leaves, reason)
    if die < LEAVING + STALLING:
        stalls = chance.uniform(0.35, 0.85)
        return Trouble(stalls * chance.uniform(0.3, 0.7), stalls)
    return NONE
