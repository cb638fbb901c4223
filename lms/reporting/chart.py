"""Where the lines of the year's chart lie: coordinates for one drawing size, no words and no markup.

The chart is drawn twice, for a wide and a narrow place; `macros/charts.html` turns either into SVG.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from lms.reporting.pace import Month, Pace

ROOM = 115.0  # that words take to the left of a dot


@dataclass(frozen=True)
class Size:
    """A drawing: its size and the room left for words at each side; how many months and steps get a label."""

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    every: int
    steps: int
    note: float  # the line under the words at the end, 0 where there is none


WIDE = Size(800, 400, 40, 132, 56, 34, 1, 5, 18)
NARROW = Size(350, 300, 36, 108, 48, 40, 2, 3, 0)


@dataclass(frozen=True)
class Point:
    x: float
    y: float


@dataclass(frozen=True)
class Step:
    """A line across the chart with its number."""

    y: float
    value: int


@dataclass(frozen=True)
class Ahead:
    """What is forecast for the end of the year."""

    median: int
    low: int
    high: int


@dataclass(frozen=True)
class Tick:
    """A month's name under the chart, in the middle of the month."""

    x: float
    month: date
    current: bool


@dataclass(frozen=True)
class Label:
    """Where words stand, and which end of them is there ("start" or "end")."""

    x: float
    y: float
    anchor: str


@dataclass(frozen=True)
class Chart:
    """One drawing of a year. Parts that the year does not have are None or empty."""

    size: Size
    steps: list[Step]
    ticks: list[Tick]
    line: list[Point]  # so far
    ahead: list[Point]  # to the forecast, else on the straight line
    band: list[Point]  # from today to the forecast's interval
    even: list[Point]
    target_y: float | None
    now: Point | None
    even_now: Point | None
    now_label: Label | None
    even_label: Label | None
    end_label: Label | None


def draw(seen: Pace, months: Sequence[Month], size: Size, told: Ahead | None = None) -> Chart:
    """The chart of a year for one size. With a forecast that was `told`, it takes the place of the straight line."""
    high, low = size.top, size.height - size.bottom
    first, last = size.left, size.width - size.right
    months = [month for month in months if not (told and month.ahead)]
    tops = [month.people for month in months] + ([told.high] if told else [])
    most = max(seen.target or 0, *tops, 10) if tops else max(seen.target or 0, 10)

    def at(passed: int, value: float) -> Point:
        return Point(round(first + (last - first) * passed / seen.days, 1), round(low - (low - high) * value / most, 1))

    def end_of(month: Month) -> Point:
        return at((month.day - date(seen.year, 1, 1)).days + 1, month.people)

    so_far = [end_of(month) for month in months if not month.ahead]
    now = so_far[-1] if so_far else None
    ahead = [end_of(month) for month in months if month.ahead]
    ahead = [at(seen.days, told.median)] if told and now else ahead
    even_now = at(seen.passed, seen.even) if now and seen.left and seen.even is not None else None
    target_y = at(0, seen.target).y if seen.target is not None else None
    now_label, even_label = _labels(now, even_now, first, low) if now else (None, None)
    end_label = _end_label(ahead[-1], target_y, low) if ahead else None
    if now_label and end_label and now_label.x + ROOM > end_label.x and now_label.anchor == "start":
        now_label = Label(now_label.x, min(max(now_label.y, end_label.y + size.note + 21), low - 8), "start")
    return Chart(
        size=size,
        steps=[Step(at(0, value).y, value) for value in _steps(most, size.steps, seen.target)],
        ticks=_ticks(seen, size, lambda day: at((day - date(seen.year, 1, 1)).days + 15, 0).x),
        line=[at(0, 0), *so_far] if now else [],
        ahead=[now, *ahead] if now and ahead else [],
        band=[now, at(seen.days, told.high), at(seen.days, told.low)] if told and now else [],
        even=[at(0, 0), at(seen.days, seen.target)] if seen.target else [],
        target_y=target_y,
        now=now,
        even_now=even_now,
        now_label=now_label,
        even_label=even_label,
        end_label=end_label,
    )


def _labels(now: Point, even: Point | None, first: float, low: float) -> tuple[Label, Label | None]:
    """Words for today and for the even pace, each on the side of its dot that the other leaves free."""
    room = now.x - first > ROOM
    if even and even.y < now.y:  # behind: today's words under the line, the even pace's above
        said = Label(even.x - 9, even.y - 7, "end") if room else Label(even.x + 9, even.y - 7, "start")
        return Label(now.x + 10, min(now.y + 20, low - 8), "start"), said
    mine = Label(now.x - 10, now.y - 12, "end") if room else Label(now.x - 4, now.y - 14, "start")
    return mine, Label(even.x + 9, min(even.y + 16, low - 8), "start") if even else None


def _end_label(end: Point, target_y: float | None, low: float) -> Label:
    """Beside the end of the straight line, off the target's own line."""
    y = end.y + 4 if target_y is None or abs(end.y - target_y) > 6 else end.y + 16
    return Label(end.x + 12, min(y, low - 24), "start")


def _steps(most: int, count: int, target: int | None) -> list[int]:
    """Round numbers from 0 up, about `count` of them; none where the target's line is."""
    sizes = (10**power * factor for power in range(9) for factor in (1, 2, 5))
    unit = next(size for size in sizes if size * count >= most)
    return [
        value for value in range(0, most + 1, unit) if value == 0 or target is None or abs(value - target) > most / 20
    ]


def _ticks(seen: Pace, size: Size, x: Callable[[date], float]) -> list[Tick]:
    """Every month's name, or every other; the current one always, without those that would run into it."""
    current = date(seen.year, seen.today.month, 1) if seen.today.year == seen.year else None
    months = [date(seen.year, number, 1) for number in range(1, 13)]
    found = [
        Tick(x(each), each, each == current) for each in months if each == current or not (each.month - 1) % size.every
    ]
    here = x(current) if current else -size.width
    return [tick for tick in found if tick.current or abs(tick.x - here) > size.width / 20]
