"""The QR code of an address as one outline, without seams between its modules."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import segno

MASK = 2
Corners = tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Square:
    """A QR code as one outline: ``modules`` on a side, and the corners of each closed walk round its black."""

    modules: int
    corners: tuple[Corners, ...]

    @property
    def path(self) -> str:
        """The outline for SVG, to be filled by the even-odd rule."""
        return "".join(map(walked, self.corners))


def square(payload: str) -> Square:
    """The QR code of an address: level M, no border, its black drawn as one path without seams between the modules.

    Always under the same mask: each is as good to a reader, and weighing all eight costs more than the rest of the page.
    """
    matrix = segno.make(payload, error="m", micro=False, boost_error=False, mask=MASK).matrix
    return Square(len(matrix), outline(matrix))


def walked(corners: Corners) -> str:
    """One closed walk as an SVG path."""
    steps = (f"H{there[0]}" if there[1] == here[1] else f"V{there[1]}" for here, there in pairwise(corners))
    return f"M{corners[0][0]} {corners[0][1]}{''.join(steps)}Z"


def outline(matrix: Sequence[Sequence[int]]) -> tuple[Corners, ...]:
    """Walk round each black region, black to the right, so that the even-odd rule fills exactly the black modules."""
    side = len(matrix) + 1
    blank = bytes(side + 1)
    rows = [blank, *(b"\0" + bytes(map(bool, row)) + b"\0" for row in matrix), blank]
    steps: dict[int, list[int]] = {}  # from corner to corner, each numbered by row and column
    for y, (above, below) in enumerate(pairwise(rows)):
        at = y * side
        for x, (over, under) in enumerate(zip(above[1:], below[1:], strict=True), at):
            if under > over:
                steps.setdefault(x, []).append(x + 1)
            elif over > under:
                steps.setdefault(x + 1, []).append(x)
        for x, (left, right) in enumerate(pairwise(below), at):
            if right > left:
                steps.setdefault(x + side, []).append(x)
            elif left > right:
                steps.setdefault(x, []).append(x + side)
    return tuple(loop(steps, start, side) for start in sorted(steps) if steps[start])


def loop(steps: dict[int, list[int]], start: int, side: int) -> Corners:
    """Take one closed walk out of the steps; straight runs become one."""
    corners, here, heading = [], start, 0
    while steps[here]:
        there = steps[here].pop()
        if there - here != heading:
            corners.append(divmod(here, side)[::-1])
        heading = there - here
        here = there
        if here == start and not steps[here]:
            break
    return tuple(corners)
