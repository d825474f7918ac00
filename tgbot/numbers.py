"""Numbers as people type them, in either language: with a point or a comma, and spaces between thousands."""

from __future__ import annotations

import re
from decimal import Decimal

_SPACES = re.compile(r"\s")
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(,\d{3})+")
"""A comma between thousands. 0,125 is none: no number of thousands begins with a nought."""
_PLAIN = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)")
_MOST_DIGITS = 40


class AmbiguousComma(ValueError):
    """10,000 is ten thousand to some and ten to others. ``whole`` and ``part`` are the two, without a comma."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.whole, self.part = text.replace(",", ""), text.replace(",", ".")


def read_number(text: str) -> Decimal | None:
    """What was typed; None for what is no plain number. Raises AmbiguousComma."""
    bare = _SPACES.sub("", text)
    head, point, tail = bare.partition(".")
    if _THOUSANDS.fullmatch(head):
        if head.count(",") == 1 and not point:
            raise AmbiguousComma(head)
        bare = f"{head.replace(',', '')}{point}{tail}"
    bare = bare.replace(",", ".")
    return Decimal(bare) if len(bare) <= _MOST_DIGITS and _PLAIN.fullmatch(bare) else None
