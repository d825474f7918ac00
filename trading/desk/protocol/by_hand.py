"""What is done by hand: to a position, to an order, to all bots at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from trading.desk.answers import BotCard, BotOrders, StopChoice
from trading.desk.manual_answers import ReductionOffer


class ByHand(Protocol):
    async def reductions(self, user_id: int, bot_id: int) -> ReductionOffer:
        """What of a bot's position can be closed by hand."""
        ...

    async def reduce(self, user_id: int, bot_id: int, percent: int, *, token: str) -> BotCard:
        """Close ``percent`` (25, 50, 75) of the bot's position at the market; the take-profit follows.

        It is stored when this returns, done once whatever crashes, and told when it is done. DeskError: not_running,
        reduction_underway, nothing_to_reduce, too_little_to_reduce, bot_unreachable (its venue is away).
        """
        ...

    async def cancel_order(self, user_id: int, bot_id: int, number: int, *, token: str) -> BotOrders:
        """Take off the order of this number (see ``order_number``); told when the venue has confirmed it.

        A one-shot order, like a level of a grid, does not come back; a standing quote does. DeskError: not_running,
        order_is_gone, order_is_exit, order_is_market, bot_unreachable.
        """
        ...

    async def pause_all(self, user_id: int, *, token: str) -> Sequence[BotCard]:
        """Pause every bot that runs. What goes wrong with one does not keep the others from it; then it is raised."""
        ...

    async def resume_all(self, user_id: int, *, token: str) -> Sequence[BotCard]:
        """Resume every bot that is paused; those too that the breaker paused."""
        ...

    async def stop_all(self, user_id: int, choice: StopChoice, *, token: str) -> Sequence[BotCard]: ...
    async def panic(self, user_id: int, *, token: str) -> Sequence[BotCard]:
        """Cancel every order and close every position of this user's active bots, in whatever state they are.

        A bot whose venue is away does it when the venue is back. What a stopped bot has left is its owner's.
        """
        ...
