"""The desk in memory, as far as it is steered by hand and asked for balances and prices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from trading.core.by_hand import SHARES, share_of
from trading.core.instrument import Instrument
from trading.desk.answers import Activity, BotCard, BotOrders, DeskError, KeyCard, MarketCard, StopChoice
from trading.desk.manual_answers import AccountBalance, Holding, PriceCard, ReductionOffer, order_number

_WORKING = (Activity.RUNNING, Activity.COOLING_DOWN)


class ByHandDesk:
    """What a FakeDesk has beside this: its rows, its tokens, and the market of each symbol."""

    owned_bots: dict[int, tuple[int, BotCard]]
    changes: list[tuple[Any, ...]]
    problems: dict[int | None, str]
    """Why the balance of an account cannot be read, by key."""

    async def reductions(self, user_id: int, bot_id: int) -> ReductionOffer:
        bot = await self.bot(user_id, bot_id)
        assert bot.instrument is not None
        amounts = {percent: share_of(bot.position, bot.instrument, percent, bot.price) for percent in SHARES}
        is_possible = bot.activity is not Activity.STOPPED
        return ReductionOffer(bot, {p: amount for p, amount in amounts.items() if amount and is_possible}, False)

    async def reduce(self, user_id: int, bot_id: int, percent: int, *, token: str) -> BotCard:
        bot = await self.bot(user_id, bot_id)
        self._take(token)
        self._fail("reduce")
        return self._changed(f"reduce {percent}", user_id, bot)

    async def cancel_order(self, user_id: int, bot_id: int, number: int, *, token: str) -> BotOrders:
        shown = await self.orders(user_id, bot_id)
        self._take(token)
        if all(order_number(order) != number for order in shown.live):
            raise DeskError("order_is_gone")
        self.changes.append(("cancel_order", user_id, bot_id, number))
        return replace(shown, live=[order for order in shown.live if order_number(order) != number])

    async def pause_all(self, user_id: int, *, token: str) -> Sequence[BotCard]:
        self._take(token)
        return [
            self._changed("pause", user_id, bot, activity=Activity.PAUSED, cause="user")
            for bot in await self.bots(user_id)
            if bot.activity in _WORKING
        ]

    async def resume_all(self, user_id: int, *, token: str) -> Sequence[BotCard]:
        self._take(token)
        return [
            self._changed("resume", user_id, bot, activity=Activity.RUNNING, cause="")
            for bot in await self.bots(user_id)
            if bot.activity is Activity.PAUSED
        ]

    async def stop_all(self, user_id: int, choice: StopChoice, *, token: str) -> Sequence[BotCard]:
        self._take(token)
        return [
            self._changed(f"stop {choice}", user_id, bot, activity=Activity.STOPPING, cause="user")
            for bot in await self.bots(user_id)
            if bot.activity is not Activity.STOPPED
        ]

    async def balances(self, user_id: int) -> Sequence[AccountBalance]:
        def read(key_id: int | None, title: str, label: str) -> AccountBalance:
            if problem := self.problems.get(key_id):
                return AccountBalance(key_id, title, label, "USDT", problem=problem)
            held = (
                Holding("USDT", Decimal("1234.5"), Decimal("1000.25"), Decimal("1234.5")),
                Holding("CRV", Decimal("10.5"), Decimal(10), Decimal("5.25")),
                Holding("<ODD>", Decimal("0.000123"), Decimal(0), None),
            )
            return AccountBalance(key_id, title, label, "USDT", held, Decimal("1250.75"))

        keys: Sequence[KeyCard] = await self.keys(user_id)
        return [read(None, "Paper", ""), *(read(key.id, key.venue_title, key.label) for key in keys)]

    async def find_prices(self, user_id: int, key_id: int | None, text: str, limit: int = 8) -> Sequence[MarketCard]:
        if key_id is not None:
            self._own_key(user_id, key_id)
        self._fail("find_prices")
        return [
            MarketCard(symbol, symbol.split(":", maxsplit=1)[0], last, volume, market)
            for symbol, (last, volume, market) in self.markets.items()
            if text.lower() in symbol.lower()
        ][:limit]

    async def price(self, user_id: int, key_id: int | None, symbol: str) -> PriceCard:
        if key_id is not None:
            self._own_key(user_id, key_id)
        if symbol not in self.markets:
            raise DeskError("unknown_market", symbol=symbol)
        last, volume, market = self.markets[symbol]
        rules: Instrument = market
        title = symbol.split(":", maxsplit=1)[0]
        venue = "Paper" if key_id is None else "Bitget"
        return PriceCard(symbol, title, venue, key_id, rules, last - rules.price_tick, last, volume)

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(name)
