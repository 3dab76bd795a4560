"""Curves: lines and outlines that look grown, in metres about the origin of a plan."""

import math
from collections.abc import Iterable
from random import Random
from typing import Any

from shapely import LineString, Polygon

Spot = tuple[float, float]
_STRAIGHT = 0.25  # metres a smoothed line may leave its points, so that no file is full of them
_CORNERS = 14
_UNEVEN = 0.2


def smooth(points: Iterable[Spot], closed: bool, rounds: int = 3) -> list[Spot]:
    """Cut the corners of a line (Chaikin); the ends of an open one stay where they are."""
    line = list(points)
    for _ in range(rounds):
        pairs = list(zip(line, line[1:] + line[:1] if closed else line[1:], strict=False))
        cut = [spot for a, b in pairs for spot in (_between(a, b, 0.25), _between(a, b, 0.75))]
        line = cut if closed else [line[0], *cut, line[-1]]
    return line


def _between(a: Spot, b: Spot, share: float) -> Spot:
    return a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share


def course(points: Iterable[Spot]) -> LineString:
    """A smooth line along the points."""
    return LineString(LineString(smooth(points, closed=False)).simplify(_STRAIGHT).coords)


def ring(points: Iterable[Spot]) -> Polygon:
    """A smooth outline about the points."""
    drawn: Any = Polygon(smooth(points, closed=True)).simplify(_STRAIGHT)
    return Polygon(drawn.exterior)


def grown(radius: float, chance: Random) -> Polygon:
    """An outline about the origin that nobody drew with a compass."""
    turns = [2 * math.pi * corner / _CORNERS for corner in range(_CORNERS)]
    reach = [radius * (1 + _UNEVEN * chance.uniform(-1, 1)) for _ in turns]
    return ring((far * math.cos(turn), far * math.sin(turn)) for far, turn in zip(reach, turns, strict=True))


def lengthened(line: LineString, by: float) -> LineString:
    """The line, going on straight by ``by`` metres at both ends."""
    spots = [(float(spot[0]), float(spot[1])) for spot in line.coords]
    return LineString([_beyond(spots[1], spots[0], by), *spots, _beyond(spots[-2], spots[-1], by)])


def _beyond(before: Spot, end: Spot, by: float) -> Spot:
    far = math.dist(before, end) or 1.0
    return end[0] + (end[0] - before[0]) / far * by, end[1] + (end[1] - before[1]) / far * by
