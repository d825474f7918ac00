"""What a liquidity bot is about at this moment."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from trading.core.telling import Cause, Fact
from trading.strategies.liquidity.state import LiquidityState


class Quoting(Fact):
    kind: Literal["liquidity-quoting"] = "liquidity-quoting"


class QuotingLess(Fact):
    """A side shows less than it should."""

    kind: Literal["liquidity-reduced"] = "liquidity-reduced"
    cause: Cause


class HoldingBack(Fact):
    kind: Literal["liquidity-trouble"] = "liquidity-trouble"
    cause: Cause


class Breaching(Fact):
    """The obligation is not kept, and that was told."""

    kind: Literal["liquidity-breached"] = "liquidity-breached"
    cause: Cause


def doing(state: LiquidityState) -> Iterator[Fact]:
    if state.trouble is not None:
        yield HoldingBack(cause=state.trouble.cause)
    elif state.reduced:
        yield QuotingLess(cause=next(iter(state.reduced.values())))
    else:
        yield Quoting()
    if state.breach is not None and state.breach.told:
        yield Breaching(cause=state.breach.cause)
