"""What can be traded, settings checked against their schema, and what a strategy would do."""

from __future__ import annotations

import asyncio
import importlib
import logging
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ValidationError

from trading.core.instrument import Instrument
from trading.core.market import Candle, Ticker
from trading.core.planning import Finding, Preview, Strategy, Surroundings
from trading.desk.answers import DeskError, InvalidSettings, MarketCard, PreviewCard, StrategyInfo
from trading.desk.balances import balances_in
from trading.desk.house import House, Room
from trading.desk.paper_prices import PaperPrices
from trading.desk.paper_sight import paper_findings, prices_of_market
from trading.desk.refusals import settings_problems, venue_error
from trading.desk.sights import prices_around
from trading.desk.titles import title_of_market
from trading.desk.volumes import dollars_per_quote, volume_in_dollars
from trading.exchanges.errors import VenueError
from trading.exchanges.gateway import Account, Gateway
from trading.reports.strategy import COMMON_TABLES
from trading.runtime.accounts import AccountId
from trading.runtime.station import Station
from trading.storage import bots, keys
from trading.storage.records import BotRecord

log = logging.getLogger(__name__)

TICKERS_FOR = timedelta(seconds=15)
CHART_TIMEFRAME, CHART_CANDLES = "15m", 96
RECENT_SYMBOLS = 4


class MarketsRoom(Room):
    """Markets, settings, previews."""

    def __init__(self, house: House) -> None:
        super().__init__(house)
        # By venue and kind of market: what is traded there is the same for everybody.
        # On paper by account too: everybody chooses whose prices theirs are. The gateway is kept, so that its number
        # is not another's meanwhile.
        self._tickers: dict[tuple[str, bool, int], tuple[datetime, Mapping[str, Ticker], Gateway]] = {}
        self._asking: defaultdict[tuple[str, bool, int], asyncio.Lock] = defaultdict(asyncio.Lock)

    def strategies(self) -> Sequence[StrategyInfo]:
        return [
            StrategyInfo(
                strategy.name,
                strategy.config_model,
                strategy.market_kinds,
                (*strategy.tables, *COMMON_TABLES),
                strategy.candles_lack,
                strategy.presets,
            )
            for strategy in self._house.strategies.values()
        ]

    async def find_markets(
        self, user_id: int, key_id: int | None, strategy: str, text: str, limit: int = 8
    ) -> Sequence[MarketCard]:
        kinds = self._strategy(strategy).market_kinds
        account = await self._account(user_id, key_id)
        gateway = (await self._station(account)).gateway
        return await self._matching(gateway, lambda instrument: instrument.kind.value in kinds, text, limit)

    async def _matching(
        self, gateway: Gateway, is_meant: Callable[[Instrument], bool], text: str, limit: int
    ) -> Sequence[MarketCard]:
        """Markets whose name holds ``text``, by what is traded there; the coin of that very name comes first."""
        wanted = _letters(text.split(":", maxsplit=1)[0])
        if text.strip() and not wanted:
            return []
        tickers = await self._all_tickers(gateway)
        found = [
            instrument
            for instrument in gateway.instruments().values()
            if is_meant(instrument) and wanted in _letters(instrument.base + instrument.quote)
        ]

        rates = dollars_per_quote(gateway.instruments(), tickers)

        def rank(instrument: Instrument) -> tuple[bool, Decimal, str]:
            volume = volume_in_dollars(instrument, tickers.get(instrument.symbol), rates)
            return _letters(instrument.base) != wanted, -volume, instrument.symbol

        return [_market_card(instrument, tickers) for instrument in sorted(found, key=rank)[:limit]]

    async def recent_symbols(self, user_id: int, key_id: int | None) -> Sequence[str]:
        await self._account(user_id, key_id)
        owned = await self._house.storage.read(lambda c: bots.bots_of(c, user_id))
        newest_first = sorted(owned, key=lambda bot: bot.updated_at, reverse=True)
        return list(dict.fromkeys(bot.symbol for bot in newest_first if bot.key_id == key_id))[:RECENT_SYMBOLS]

    def check_settings(self, strategy: str, raw: Mapping[str, Any]) -> Mapping[str, Any]:
        return self._config(strategy, raw).model_dump(mode="json")

    async def preview(
        self,
        user_id: int,
        key_id: int | None,
        strategy: str,
        symbol: str,
        config: Mapping[str, Any],
        *,
        bot_id: int | None = None,
    ) -> PreviewCard:
        checked = self._config(strategy, config)
        goes_on = [] if bot_id is None else [await self._going_on(user_id, bot_id)]
        account = await self._account(user_id, key_id)
        station = await self._station(account)
        gateway, chosen = station.gateway, self._strategy(strategy)
        (instrument, price), held, candles = await asyncio.gather(
            self._market_now(gateway, chosen, symbol), _account_of(gateway), _candles(gateway, symbol)
        )
        around = Surroundings(
            balances_in(held, instrument, goes_on),
            await prices_around(station, chosen, checked, instrument, price),
            gateway.capabilities.is_public,
        )
        # In a thread: the search for offers that work makes many previews.
        preview = await asyncio.to_thread(chosen.preview, checked, instrument, price, around)
        prices = await self._prices_on_paper(account, symbol)
        of_paper = paper_findings(gateway, prices, symbol, chosen, checked) if prices else ()
        return PreviewCard(
            symbol=symbol,
            title=title_of_market(symbol),
            instrument=instrument,
            preview=with_warning(gateway, replace(preview, findings=(*preview.findings, *of_paper))),
            equity=around.balances[instrument.quote],
            candles=candles,
            is_paper=gateway.capabilities.is_paper,
            balances=around.balances,
            prices=prices,
        )

    async def _prices_on_paper(self, account: AccountId, symbol: str) -> PaperPrices | None:
        """Whose prices this market has on the account; None on a live one."""
        if account.key_id is not None:
            return None
        house = self._house.connections.paper
        return prices_of_market(await house.prices_of(account.user_id), symbol, house.terms.prices.keys())

    async def preview_picture(
        self, card: PreviewCard, *, labels: Mapping[str, str], dark: bool = False, tz: tzinfo = UTC
    ) -> bytes:
        charts = await asyncio.to_thread(importlib.import_module, "trading.reports.charts")
        picture: bytes = await asyncio.to_thread(
            charts.preview_chart,
            card.preview,
            card.instrument,
            [replace(candle, at=candle.at.astimezone(tz)) for candle in card.candles],
            labels=labels,
            dark=dark,
            title=card.title,
            is_paper=card.is_paper,
        )
        return picture

    # For the other rooms

    async def _going_on(self, user_id: int, bot_id: int) -> BotRecord:
        record = await self._house.storage.read(lambda c: bots.find_bot(c, bot_id, user_id))
        if record is None:
            raise DeskError("not_found")
        return record

    def _strategy(self, name: str) -> Strategy:
        if name not in self._house.strategies:
            raise DeskError("unknown_strategy", strategy=name)
        return self._house.strategies[name]

    def _config(self, strategy: str, raw: Mapping[str, Any]) -> BaseModel:
        try:
            return self._strategy(strategy).config_model.model_validate(dict(raw))
        except ValidationError as problem:
            raise InvalidSettings(settings_problems(problem)) from problem

    async def _account(self, user_id: int, key_id: int | None) -> AccountId:
        if key_id is not None:
            key = await self._house.storage.read(lambda c: keys.find_key(c, key_id, user_id))
            if key is None:
                raise DeskError("not_found")
        return AccountId(user_id, key_id)

    async def _station(self, account: AccountId) -> Station:
        try:
            return await self._house.supervisor.station(account)
        except VenueError as problem:
            raise venue_error("", problem) from problem

    def _instrument(self, gateway: Gateway, symbol: str, strategy: Strategy | None = None) -> Instrument:
        """Raises DeskError("unknown_market"), also for a market that the strategy cannot trade."""
        known = gateway.instruments().get(symbol)
        if known is None or (strategy is not None and known.kind.value not in strategy.market_kinds):
            raise DeskError("unknown_market", symbol=title_of_market(symbol))
        return known

    async def _market_now(self, gateway: Gateway, strategy: Strategy, symbol: str) -> tuple[Instrument, Decimal]:
        """A market with its margin tiers, and its price now on a tick."""
        self._instrument(gateway, symbol, strategy)
        try:
            instrument, book = await asyncio.gather(gateway.instrument(symbol), gateway.book(symbol))
        except VenueError as problem:
            raise venue_error(gateway.venue, problem) from problem
        if book.mid is None:
            raise DeskError("no_price", symbol=title_of_market(symbol))
        return instrument, instrument.nearest_price(book.mid)

    async def _all_tickers(self, gateway: Gateway) -> Mapping[str, Ticker]:
        whose = id(gateway) if gateway.capabilities.is_paper else 0
        place = (gateway.venue, gateway.capabilities.has_positions, whose)
        async with self._asking[place]:
            read_at, known, _ = self._tickers.get(place, (None, {}, gateway))
            now = self._house.now()
            if read_at is not None and now - read_at < TICKERS_FOR:
                return known
            try:
                fresh = {ticker.symbol: ticker for ticker in await gateway.tickers()}
            except VenueError as problem:
                raise venue_error(gateway.venue, problem) from problem
            self._tickers[place] = (now, fresh, gateway)
            return fresh


def with_warning(gateway: Gateway, preview: Preview) -> Preview:
    """Whatever the strategy: on a venue that is not proven, Start needs a second yes."""
    if gateway.capabilities.is_proven:
        return preview
    return replace(preview, findings=(Finding("unproven_venue", "danger"), *preview.findings))


async def _account_of(gateway: Gateway) -> Account:
    try:
        return await gateway.account()
    except VenueError as problem:
        raise venue_error(gateway.venue, problem) from problem


async def _candles(gateway: Gateway, symbol: str) -> Sequence[Candle]:
    """The background of a picture; where there is none the picture is made without it."""
    if symbol not in gateway.instruments():
        return ()
    try:
        return await gateway.candles(symbol, CHART_TIMEFRAME, CHART_CANDLES)
    except VenueError as problem:
        log.info("%s: no candles of %s: %s", gateway.venue, symbol, problem)
        return ()


def _market_card(instrument: Instrument, tickers: Mapping[str, Ticker]) -> MarketCard:
    ticker = tickers.get(instrument.symbol)
    return MarketCard(
        symbol=instrument.symbol,
        title=title_of_market(instrument.symbol),
        last=ticker.last if ticker else None,
        quote_volume=ticker.quote_volume if ticker else None,
        instrument=instrument,
    )


def _letters(text: str) -> str:
    """What of a market's name a person types: crv-usdt, CRV/USDT and "crv usdt" are the same."""
    return "".join(character for character in text.upper() if character.isalnum())
