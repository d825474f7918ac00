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


class Pairing(Fact):
    """In the band, trading with itself on paper or on a test network."""

    kind: Literal["peg-pair"] = "peg-pair"


class Idle(Fact):
    """In the band; its activity was decided and came to nothing, which must not look like watching."""

    kind: Literal["peg-idle"] = "peg-idle"


def doing(state: PegState) -> Fact:
    if state.sweep:
        return Sweeping()
    if state.quotes:
        return Quoting()
    if state.pair:
        return Pairing()
    return Idle() if state.is_active else Watching()
