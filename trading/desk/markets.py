"""What can be traded, settings checked against their schema, and what a strategy would do."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ValidationError

from trading.core.instrument import Instrument
from trading.core.market import Ticker
from trading.core.planning import Strategy
from trading.desk.answers import DeskError, InvalidSettings, MarketCard, PreviewCard, StrategyInfo
from trading.desk.connecting import title_of
from trading.desk.house import House, Room
from trading.exchanges.errors import BadCredentials, VenueError
from trading.exchanges.gateway import Account, Gateway
from trading.runtime.accounts import AccountId
from trading.runtime.station import Station
from trading.storage import bots, keys

TICKERS_FOR = timedelta(seconds=15)
CHART_TIMEFRAME, CHART_CANDLES = "15m", 96


class MarketsRoom(Room):
    """Markets, settings, previews."""

    def __init__(self, house: House) -> None:
        super().__init__(house)
        self._tickers: dict[AccountId, tuple[datetime, Sequence[Ticker]]] = {}

    def strategies(self) -> Sequence[StrategyInfo]:
        return [
            StrategyInfo(strategy.name, strategy.config_model, strategy.market_kinds)
            for strategy in self._house.strategies.values()
        ]

    async def find_markets(
        self, user_id: int, key_id: int | None, strategy: str, text: str, limit: int = 8
    ) -> Sequence[MarketCard]:
        account = await self._account(user_id, key_id)
        gateway = (await self._station(account)).gateway
        kinds = self._strategy(strategy).market_kinds
        wanted = text.upper().replace("-", "/").strip()
        tickers = {ticker.symbol: ticker for ticker in await self._all_tickers(account, gateway)}
        found = []
        for symbol, instrument in gateway.instruments().items():
            title = title_of_market(symbol)
            if instrument.kind.value in kinds and (wanted in title or wanted in title.replace("/", "")):
                ticker = tickers.get(symbol)
                found.append(
                    MarketCard(
                        symbol=symbol,
                        title=title,
                        last=ticker.last if ticker else None,
                        quote_volume=ticker.quote_volume if ticker else None,
                        instrument=instrument,
                    )
                )
        found.sort(key=lambda card: (not card.title.startswith(wanted), -(card.quote_volume or Decimal(0)), card.title))
        return found[:limit]

    async def recent_symbols(self, user_id: int, key_id: int | None) -> Sequence[str]:
        owned = await self._house.storage.read(lambda c: bots.bots_of(c, user_id))
        newest_first = sorted(owned, key=lambda bot: bot.updated_at, reverse=True)
        return list(dict.fromkeys(bot.symbol for bot in newest_first if bot.key_id == key_id))[:4]

    def check_settings(self, strategy: str, raw: Mapping[str, Any]) -> Mapping[str, Any]:
        return self._config(strategy, raw).model_dump(mode="json")

    async def preview(
        self, user_id: int, key_id: int | None, strategy: str, symbol: str, config: Mapping[str, Any]
    ) -> PreviewCard:
        account = await self._account(user_id, key_id)
        gateway = (await self._station(account)).gateway
        checked = self._config(strategy, config)
        try:
            instrument = await gateway.instrument(symbol)
            book, held = await asyncio.gather(gateway.book(symbol), gateway.account())
            candles = await gateway.candles(symbol, CHART_TIMEFRAME, CHART_CANDLES)
        except KeyError as problem:
            raise DeskError("unknown_market", symbol=title_of_market(symbol)) from problem
        except VenueError as problem:
            raise venue_error(gateway.venue, problem) from problem
        if book.mid is None:
            raise DeskError("no_price", symbol=title_of_market(symbol))
        price = instrument.nearest_price(book.mid)
        equity = equity_in(held, instrument)
        made = self._strategy(strategy).preview(
            checked, instrument, price, equity, is_public=not gateway.capabilities.is_paper
        )
        return PreviewCard(
            symbol=symbol,
            title=title_of_market(symbol),
            instrument=instrument,
            preview=made,
            equity=equity,
            candles=candles,
            is_paper=gateway.capabilities.is_paper,
        )

    async def preview_picture(self, card: PreviewCard, *, labels: Mapping[str, str], dark: bool = False) -> bytes:
        charts = await asyncio.to_thread(importlib.import_module, "trading.reports.charts")
        picture: bytes = await asyncio.to_thread(
            charts.preview_chart,
            card.preview,
            card.instrument,
            card.candles,
            labels=labels,
            dark=dark,
            title=card.title,
            is_paper=card.is_paper,
        )
        return picture

    # For the other rooms

    def _strategy(self, name: str) -> Strategy:
        if name not in self._house.strategies:
            raise DeskError("unknown_strategy", strategy=name)
        return self._house.strategies[name]

    def _config(self, strategy: str, raw: Mapping[str, Any]) -> BaseModel:
        try:
            return self._strategy(strategy).config_model.model_validate(dict(raw))
        except ValidationError as problem:
            raise InvalidSettings(
                {".".join(str(part) for part in error["loc"]): error["msg"] for error in problem.errors()}
            ) from problem

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

    async def _all_tickers(self, account: AccountId, gateway: Gateway) -> Sequence[Ticker]:
        read_at, known = self._tickers.get(account, (None, ()))
        now = self._house.now()
        if read_at is not None and now - read_at < TICKERS_FOR:
            return known
        try:
            fresh = await gateway.tickers()
        except VenueError as problem:
            raise venue_error(gateway.venue, problem) from problem
        self._tickers[account] = (now, fresh)
        return fresh


def venue_error(venue: str, problem: VenueError) -> DeskError:
    """A venue's trouble in the desk's words."""
    if isinstance(problem, BadCredentials):
        return DeskError("key_refused", detail=str(problem))
    return DeskError("venue_away", venue=title_of(venue) if venue else "", detail=str(problem))


def title_of_market(symbol: str) -> str:
    """The symbol as a person writes it: CRV/USDT for the perpetual CRV/USDT:USDT."""
    return symbol.split(":", maxsplit=1)[0]


def equity_in(account: Account, instrument: Instrument) -> Decimal | None:
    """What the account holds for this market (quote currency): equity with open profit, else the quote balance."""
    return account.equity if account.equity is not None else account.total.get(instrument.quote)
