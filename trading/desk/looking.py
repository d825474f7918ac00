"""Balances and prices, read from venues for a person who looks."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from decimal import Decimal

from trading.core.instrument import ZERO, Instrument
from trading.core.market import Ticker
from trading.desk.answers import DeskError, MarketCard
from trading.desk.connecting import PAPER, title_of
from trading.desk.manual_answers import AccountBalance, Holding, PriceCard
from trading.desk.markets import MarketsRoom
from trading.desk.refusals import venue_error
from trading.desk.titles import title_of_market
from trading.exchanges.errors import VenueError
from trading.exchanges.gateway import Account, Gateway
from trading.runtime.accounts import AccountId
from trading.storage import keys
from trading.storage.records import KeyRecord

log = logging.getLogger(__name__)

BALANCES_WITHIN_SECONDS = 10.0
"""What a venue has not answered by then is said to be too slow."""
QUOTE = "USDT"


class LookingRoom(MarketsRoom):
    """What is asked of venues here changes nothing."""

    async def balances(self, user_id: int) -> Sequence[AccountBalance]:
        owned = await self._house.storage.read(lambda c: keys.keys_of(c, user_id))
        paper = AccountBalance(None, title_of(PAPER), "", QUOTE)
        wanted = [(AccountId(user_id, None), paper), *((AccountId(user_id, key.id), _unread(key)) for key in owned)]
        return await asyncio.gather(*(self._balance(account, unread) for account, unread in wanted))

    async def find_prices(self, user_id: int, key_id: int | None, text: str, limit: int = 8) -> Sequence[MarketCard]:
        account = await self._account(user_id, key_id)
        gateway = (await self._station(account)).gateway
        return await self._matching(gateway, lambda _: True, text, limit)

    async def price(self, user_id: int, key_id: int | None, symbol: str) -> PriceCard:
        account = await self._account(user_id, key_id)
        gateway = (await self._station(account)).gateway
        instrument = self._instrument(gateway, symbol)
        try:
            book = await gateway.book(symbol)
        except VenueError as problem:
            raise venue_error(gateway.venue, problem) from problem
        ticker = (await self._tickers_or_none(gateway)).get(symbol)
        return PriceCard(
            symbol=symbol,
            title=title_of_market(symbol),
            venue_title=title_of(gateway.venue),
            key_id=key_id,
            instrument=instrument,
            bid=book.bid,
            ask=book.ask,
            quote_volume=ticker.quote_volume if ticker else None,
        )

    async def _balance(self, account: AccountId, unread: AccountBalance) -> AccountBalance:
        try:
            async with asyncio.timeout(BALANCES_WITHIN_SECONDS):
                gateway = (await self._station(account)).gateway
                held, tickers = await asyncio.gather(gateway.account(), self._tickers_or_none(gateway))
        except TimeoutError:
            return _with_problem(unread, "too_slow", "")
        except VenueError as problem:
            error = venue_error(gateway.venue, problem)
            return _with_problem(unread, error.code, error.values.get("detail", ""))
        except DeskError as error:
            return _with_problem(unread, error.code, error.values.get("detail", ""))
        return AccountBalance(
            key_id=unread.key_id,
            venue_title=unread.venue_title,
            label=unread.label,
            quote=unread.quote,
            holdings=_holdings(held, gateway.instruments(), tickers, unread.quote),
            equity=held.equity,
        )

    async def _tickers_or_none(self, gateway: Gateway) -> Mapping[str, Ticker]:
        """What is known is told without them."""
        try:
            return await self._all_tickers(gateway)
        except DeskError as problem:
            log.info("%s: no tickers: %s", gateway.venue, problem)
            return {}


def _unread(key: KeyRecord) -> AccountBalance:
    return AccountBalance(key.id, key.title or title_of(key.venue), key.label, QUOTE)


def _with_problem(unread: AccountBalance, problem: str, detail: str) -> AccountBalance:
    return AccountBalance(unread.key_id, unread.venue_title, unread.label, unread.quote, problem=problem, detail=detail)


def _holdings(
    held: Account, instruments: Mapping[str, Instrument], tickers: Mapping[str, Ticker], quote: str
) -> Sequence[Holding]:
    """What there is of each currency, what is worth most first; then what has no price, by name."""
    last = {
        instrument.base: ticker.last
        for symbol, ticker in tickers.items()
        if (instrument := instruments.get(symbol)) is not None and instrument.quote == quote and ticker.last
    }

    def worth(currency: str, total: Decimal) -> Decimal | None:
        if currency == quote:
            return total
        price = last.get(currency)
        return total * price if price is not None else None

    found = [
        Holding(currency, total, held.free.get(currency, ZERO), worth(currency, total))
        for currency, total in held.total.items()
        if total
    ]
    return sorted(found, key=lambda each: (each.worth is None, -(each.worth or ZERO), each.currency))
