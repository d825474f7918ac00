"""What a peg is about at this moment."""

from __future__ import annotations

from typing import Literal

from trading.core.telling import Fact
from trading.strategies.peg.state import PegState


class Sweeping(Fact):
    """Pushing the price back into its band."""

    kind: Literal["peg-sweep"] = "peg-sweep"


class Quoting(Fact):
    """In the band, with quotes inside it."""

    kind: Literal["peg-quotes"] = "peg-quotes"


class Watching(Fact):
    """In the band, without orders."""

    kind: Literal["peg-watching"] = "peg-watching"


def doing(state: PegState) -> Fact:
    if state.sweep:
        return Sweeping()
    return Quoting() if state.quotes else Watching()
