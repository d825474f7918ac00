"""What the float is about at this moment."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from trading.core.telling import Amount, ASide, Fact, Ordinal, Price
from trading.strategies.pingpong.state import PingPongState


class Resting(Fact):
    """The order of the current leg: all that the leg wants, and where it rests."""

    kind: Literal["pingpong-leg"] = "pingpong-leg"
    number: Ordinal
    side: ASide
    amount: Amount
    price: Price


class Waiting(Fact):
    """For a price, or for money."""

    kind: Literal["pingpong-waiting"] = "pingpong-waiting"


class Ending(Fact):
    kind: Literal["pingpong-ending"] = "pingpong-ending"


class Done(Fact):
    kind: Literal["pingpong-done"] = "pingpong-done"
    legs: Ordinal


def doing(state: PingPongState) -> Iterator[Fact]:
    leg = state.leg
    if leg is not None:
        yield Resting(number=state.completed + 1, side=leg.side, amount=leg.amount, price=leg.price)
    elif not state.ending:
        yield Waiting()
    if state.ending:
        yield Ending()
    yield Done(legs=state.completed)
