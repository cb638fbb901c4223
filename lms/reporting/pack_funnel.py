"""How far people came, drawn for a report: a bar for each step, as long as its share of those who applied."""

from dataclasses import dataclass

from lms.kit.i18n import number, percent
from lms.reporting.pack_reading import FUNNEL, Told


@dataclass(frozen=True)
class Room:
    """A drawing: its width, the room at the left of the bars and at their right, and how far apart the steps are."""

    width: int
    left: int
    right: int
    step: int
    above: bool  # the words stand above their bar, not beside it

    @property
    def height(self) -> int:
        return self.step * len(FUNNEL) + 8


WIDE = Room(800, 190, 130, 36, above=False)
NARROW = Room(350, 0, 110, 52, above=True)


@dataclass(frozen=True)
class Bar:
    """One step: how many came so far, their share of the first step, and where its bar and words stand."""

    key: str
    people: int
    share: float
    top: int
    long: float
    word_y: int
    number_x: float


def bars(told: Told, room: Room) -> list[Bar]:
    """The steps in their order; the first is the longest, unless people were admitted who never applied."""
    numbers = [told.at_end(key) for key in FUNNEL]
    most, whole = max([*numbers, 1]), room.width - room.left - room.right
    found = []
    for place, (key, people) in enumerate(zip(FUNNEL, numbers, strict=True)):
        top = place * room.step + (24 if room.above else 6)
        long = round(max(whole * people / most, 1.5 if people else 0), 1)
        word_y = top - 7 if room.above else top + 16
        found.append(Bar(key, people, people / max(numbers[0], 1), top, long, word_y, room.left + long + 10))
    return found


def described(told: Told) -> str:
    """The drawing in words, for those who do not see it."""
    steps = bars(told, WIDE)
    return ", ".join(f"{told.words(each.key)} {number(each.people)} ({percent(each.share)})" for each in steps)
