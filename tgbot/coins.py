"""The two currencies of what a form, a preview or a bot is about: units and amounts are told in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Coins:
    """Empty where several pairs have different ones, or none was chosen yet."""

    base: str = ""
    quote: str = ""

    @classmethod
    def of(cls, *symbols: str) -> Coins:
        """``CRV/USDT:USDT`` has CRV and USDT."""
        pairs = [symbol.split(":", maxsplit=1)[0].partition("/") for symbol in symbols]
        return cls(_same(base for base, _, _ in pairs), _same(quote for _, _, quote in pairs))

    def values(self) -> dict[str, str]:
        return {"base": self.base, "quote": self.quote}


UNKNOWN = Coins()


def _same(names: Iterable[str]) -> str:
    found = set(names)
    return found.pop() if len(found) == 1 else ""
