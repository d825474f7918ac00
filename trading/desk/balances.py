"""What an account holds for a market, with what our bots have made of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from trading.core.instrument import ZERO, Instrument, MarketKind
from trading.desk.titles import quote_of
from trading.exchanges.gateway import Account
from trading.storage.records import BotRecord


def equity_in(account: Account, instrument: Instrument, invested: Decimal = ZERO) -> Decimal:
    """What the account holds for this market (quote currency): on a perpetual equity with open profit, where told.

    On spot it is the quote balance and what our bots have ``invested`` of it; other coins are their owner's.
    """
    if instrument.kind is MarketKind.SPOT or account.equity is None:
        return account.total.get(instrument.quote, ZERO) + invested
    return account.equity


def invested_in(instrument: Instrument, records: Iterable[BotRecord]) -> Decimal:
    """What these bots' coins have cost (quote), those whose market has the same quote currency."""
    if instrument.kind is not MarketKind.SPOT:
        return ZERO
    return sum((max(ZERO, bot.ledger.cost) for bot in records if quote_of(bot.symbol) == instrument.quote), ZERO)


def balances_in(account: Account, instrument: Instrument, records: Sequence[BotRecord] = ()) -> Mapping[str, Decimal]:
    """What a preview may count on, by currency: what the account holds, and what ``records`` have made of it.

    Coins that these bots have bought are as good as the money they cost, and money they have sold coins for as good as
    the coins: a bot that is started again goes on with them.
    """
    balances = {instrument.quote: equity_in(account, instrument, invested_in(instrument, records))}
    if instrument.kind is MarketKind.SPOT:
        sold = sum((max(ZERO, -bot.ledger.position) for bot in records if bot.symbol == instrument.symbol), ZERO)
        balances[instrument.base] = account.total.get(instrument.base, ZERO) + sold
    return balances
