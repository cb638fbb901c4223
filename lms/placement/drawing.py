"""Where the parts of the curve lie: coordinates for one drawing size, no words and no markup."""

from dataclasses import dataclass

from lms.placement.arithmetic import Curve, Rate

YEAR = 366  # days that the drawing holds


@dataclass(frozen=True)
class Size:
    """A drawing: its size and the room at each side."""

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float


WIDE = Size(800, 320, 52, 60, 24, 44)
NARROW = Size(350, 260, 44, 44, 24, 44)


@dataclass(frozen=True)
class Mark:
    """One rate: its place, and its bounds as heights."""

    rate: Rate
    x: float
    y: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Drawing:
    size: Size
    grid: list[tuple[float, float]]  # height, share
    line: str  # points of the curve, "" where there is none
    marks: list[Mark]


def draw(curve: Curve, end_of_rate: dict[int, int], size: Size) -> Drawing:
    """The drawing of a curve for one size. `end_of_rate`: months → days after the end."""
    wide, high = size.width - size.left - size.right, size.height - size.top - size.bottom

    def x(day: float) -> float:
        return round(size.left + wide * min(day, YEAR) / YEAR, 1)

    def y(share: float) -> float:
        return round(size.height - size.bottom - high * share, 1)

    points = [(x(0), y(0))]
    for step in curve.steps:
        points += [(x(step.day), points[-1][1]), (x(step.day), y(step.share))]
    points.append((x(curve.until), points[-1][1]))
    marks = [
        Mark(
            rate,
            x(end_of_rate[rate.months]),
            None if rate.estimate is None else y(rate.estimate),
            None if rate.lowest is None else y(rate.lowest),
            None if rate.highest is None else y(rate.highest),
        )
        for rate in curve.rates
    ]
    line = " ".join(f"{left},{top}" for left, top in points) if curve.until else ""
    return Drawing(size, [(y(share / 4), share / 4) for share in range(5)], line, marks)
