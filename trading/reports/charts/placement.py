"""Where labels go so that none covers another: one-dimensional, pure, in pixels from the bottom."""

from __future__ import annotations

from collections.abc import Sequence


def spread_apart(wanted: Sequence[float], heights: Sequence[float], low: float, high: float) -> list[float]:
    """Centres as near to the wanted ones as can be, without overlap and, where they fit at all, within low..high.

    Neighbours that would touch are joined into a block, and the block moves to the mean of what its members want
    (the pool-adjacent-violators method of isotonic regression).
    """
    order = sorted(range(len(wanted)), key=lambda place: wanted[place])
    blocks: list[tuple[float, float, list[int]]] = []  # bottom, height, members from the bottom
    for place in order:
        bottom, height, members = wanted[place] - heights[place] / 2, heights[place], [place]
        bottom = _inside(bottom, height, low, high)
        while blocks and blocks[-1][0] + blocks[-1][1] > bottom:
            members = blocks.pop()[2] + members
            height = sum(heights[member] for member in members)
            bottom = _inside(_best_bottom(members, wanted, heights), height, low, high)
        blocks.append((bottom, height, members))
    centres = [0.0] * len(wanted)
    for bottom, _, members in blocks:
        edge = bottom
        for member in members:
            centres[member] = edge + heights[member] / 2
            edge += heights[member]
    return centres


def fitting(
    wanted: Sequence[float], height: float, taken: Sequence[tuple[float, float]], first: Sequence[int] = ()
) -> list[int]:
    """Which of the equally high labels can stay exactly where they are, beside the ``taken`` (centre, height) ones.

    ``first`` names places that are tried before the others. Returned ascending.
    """
    stay: list[int] = []
    for place in [*first, *(other for other in range(len(wanted)) if other not in first)]:
        free = all(abs(wanted[place] - centre) >= (height + size) / 2 for centre, size in taken)
        if free and all(abs(wanted[place] - wanted[other]) >= height for other in stay):
            stay.append(place)
    return sorted(stay)


def _best_bottom(members: Sequence[int], wanted: Sequence[float], heights: Sequence[float]) -> float:
    below, sum_of_bottoms = 0.0, 0.0
    for member in members:
        sum_of_bottoms += wanted[member] - heights[member] / 2 - below
        below += heights[member]
    return sum_of_bottoms / len(members)


def _inside(bottom: float, height: float, low: float, high: float) -> float:
    return max(low, min(bottom, high - height))
