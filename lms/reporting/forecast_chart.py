"""Where the parts of the forecast's drawing lie: one line of people, what is certain, what is probable, the target. No words."""

from dataclasses import dataclass

from lms.reporting.forecast import Forecast

ROOM = 150.0  # that words take beside the one that stands in the middle of the band


@dataclass(frozen=True)
class Size:
    """A drawing: its size, the room at each side, and how many steps get a number."""

    width: float
    left: float
    right: float
    steps: int
    height: float = 150
    line: float = 74  # where the line of people lies


WIDE = Size(800, 24, 40, 8)
NARROW = Size(350, 16, 28, 4)


@dataclass(frozen=True)
class Drawing:
    """Places along the line; `target` is None where none is set. Words that would leave the drawing are anchored at its side."""

    size: Size
    floor: float
    low: float
    high: float
    median: float
    target: float | None
    steps: list[tuple[float, int]]
    median_anchor: str
    target_anchor: str
    floor_low: bool  # the words about the floor stand a line lower, because the band's are beside them


def draw(forecast: Forecast, target: int | None, size: Size) -> Drawing:
    """The drawing of one forecast for one size."""
    most = max(forecast.high, target or 0, 10) * 1.04

    def at(value: float) -> float:
        return round(size.left + (size.width - size.left - size.right) * value / most, 1)

    middle = at((forecast.low + forecast.high) / 2)
    return Drawing(
        size=size,
        floor=at(forecast.floor),
        low=at(forecast.low),
        high=at(forecast.high),
        median=at(forecast.median),
        target=None if target is None else at(target),
        steps=[(at(value), value) for value in _steps(most, size.steps)],
        median_anchor=_anchor(at(forecast.median), size),
        target_anchor=_anchor(at(target or 0), size),
        floor_low=middle - at(forecast.floor) < ROOM,
    )


def _anchor(x: float, size: Size) -> str:
    """Which end of the words lies at x, so that they stay inside."""
    if x > size.width - ROOM / 2:
        return "end"
    return "start" if x < ROOM / 2 else "middle"


def _steps(most: float, count: int) -> list[int]:
    """Round numbers from 0 up, about `count` of them."""
    sizes = (10**power * factor for power in range(9) for factor in (1, 2, 5))
    unit = next(size for size in sizes if size * count >= most)
    return list(range(0, int(most) + 1, unit))
