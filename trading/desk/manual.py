"""What a person does by hand: take off an order, close a part of a position, steer all bots at once."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable, Sequence
from decimal import Decimal
from typing import Any

from trading.core.by_hand import SHARES, ByHand, WishRefused, share_of
from trading.core.notices import BotPaused
from trading.core.planning import Mode
from trading.desk.answers import Activity, BotCard, BotOrders, DeskError, StopChoice
from trading.desk.manual_answers import ReductionOffer, number_of
from trading.desk.steering import STOP_MODES, SteeringRoom
from trading.runtime.events import Wish
from trading.storage.records import BotRecord

_ENDING = (Mode.CANCEL, Mode.CLOSE)


class ManualRoom(SteeringRoom):
    """By hand, through the same books as everything: stored first, sent then, told when the venue has confirmed it."""

    async def reductions(self, user_id: int, bot_id: int) -> ReductionOffer:
        bot, record = await self.bot(user_id, bot_id), await self._own_bot(user_id, bot_id)
        worker = self._house.supervisor.worker(bot_id)
        by_hand = worker.bench.record.by_hand if worker else record.by_hand
        amounts: dict[int, Decimal] = {}
        if bot.instrument is not None and record.active and bot.mode not in _ENDING:
            shares = {percent: share_of(bot.position, bot.instrument, percent, bot.price) for percent in SHARES}
            amounts = {percent: amount for percent, amount in shares.items() if amount}
        return ReductionOffer(bot, amounts, is_underway=by_hand.reduction is not None)

    async def reduce(self, user_id: int, bot_id: int, percent: int, *, token: str) -> BotCard:
        if percent not in SHARES:
            raise DeskError("too_little_to_reduce")
        offer = await self.reductions(user_id, bot_id)
        if offer.bot.position and percent not in offer.amounts and offer.bot.activity is not Activity.STOPPED:
            raise DeskError("not_running" if offer.bot.mode in _ENDING else "too_little_to_reduce")
        await self._by_hand(user_id, offer.bot, Wish(close_percent=percent), token)
        return await self.bot(user_id, bot_id)

    async def cancel_order(self, user_id: int, bot_id: int, number: int, *, token: str) -> BotOrders:
        shown = await self.orders(user_id, bot_id)
        order = next((order for order in shown.live if number_of(order) == number), None)
        try:
            ByHand().withdrawing(order)
        except WishRefused as refused:
            raise DeskError(refused.code) from refused
        name = order.client_id if order is not None else ""
        await self._by_hand(user_id, await self.bot(user_id, bot_id), Wish(withdraw=name), token)
        return await self.orders(user_id, bot_id)

    async def _by_hand(self, user_id: int, bot: BotCard, wish: Wish, token: str) -> None:
        """Only by a worker, which knows what is there: for a venue that is away nothing is promised."""
        await self._check_token(token, user_id)
        record = await self._active_bot(user_id, bot.id)
        if bot.mode in _ENDING or record.mode in _ENDING:
            raise DeskError("not_running")
        if self._house.supervisor.worker(bot.id) is None:
            raise DeskError("bot_unreachable", venue=bot.venue_title)
        await self._spend(token, user_id, lambda _: None)
        try:
            if not await self._wished(bot.id, wish):
                raise DeskError("not_running")
        except WishRefused as refused:
            raise DeskError(refused.code) from refused
        self._house.outbox.wake()

    # All bots

    async def pause_all(self, user_id: int, *, token: str) -> Sequence[BotCard]:
        running = [bot for bot in await self._owned_for(token, user_id) if bot.active and _is_running(bot)]
        return await _all_of(self._steer(user_id, bot.id, _pausing(bot)) for bot in running)

    async def resume_all(self, user_id: int, *, token: str) -> Sequence[BotCard]:
        await self._check_gate(user_id)
        owned = await self._owned_for(token, user_id)
        paused = [bot for bot in owned if bot.active and bot.mode is Mode.NO_ENTRIES]
        return await _all_of(self.resume(user_id, bot.id) for bot in paused)

    async def stop_all(self, user_id: int, choice: StopChoice, *, token: str) -> Sequence[BotCard]:
        """As one is stopped. What is being closed already is not told to keep its exit."""
        mode = STOP_MODES[choice]

        def is_wanted(bot: BotRecord) -> bool:
            return mode is Mode.CLOSE or bot.mode not in _ENDING

        owned = [bot for bot in await self._owned_for(token, user_id) if bot.active and is_wanted(bot)]
        wishes = [(bot.id, Wish(mode=mode, cause="user", when=is_wanted)) for bot in owned]
        return await _all_of(self._steer(user_id, bot_id, wish) for bot_id, wish in wishes)


async def _all_of(acts: Iterable[Coroutine[Any, Any, BotCard]]) -> Sequence[BotCard]:
    """What went wrong with one bot is raised only when all others were seen to."""
    done = await asyncio.gather(*acts, return_exceptions=True)
    for result in done:
        if isinstance(result, BaseException):
            raise result
    return [card for card in done if isinstance(card, BotCard)]


def _is_running(bot: BotRecord) -> bool:
    return bot.mode is Mode.RUNNING


def _pausing(bot: BotRecord) -> Wish:
    fact = BotPaused(symbol=bot.symbol, cause="user")
    return Wish(mode=Mode.NO_ENTRIES, cause="user", notices=(fact,), when=_is_running)
