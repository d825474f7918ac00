"""What the desk answers about balances, prices, and what can be done by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from trading.core.client_ids import parse_client_id
from trading.core.instrument import Instrument
from trading.core.orders import Order, OrderType
from trading.desk.answers import BotCard


@dataclass(frozen=True, slots=True)
class ReductionOffer:
    """``amounts`` maps the percents that are possible to what they would close now (base units)."""

    bot: BotCard
    amounts: Mapping[int, Decimal]
    is_underway: bool


@dataclass(frozen=True, slots=True)
class Holding:
    """One currency of an account. ``worth`` in the account's quote currency, None where no price is known."""

    currency: str
    total: Decimal
    free: Decimal
    worth: Decimal | None

    @property
    def used(self) -> Decimal:
        return self.total - self.free


@dataclass(frozen=True, slots=True)
class AccountBalance:
    """``equity`` and ``worth`` are quote currency (``quote``); equity has open profit, None where it is not told.

    ``problem`` "" when it could be read; else venue_away, key_refused, too_slow, with the venue's words in ``detail``.
    """

    key_id: int | None
    venue_title: str
    label: str
    quote: str
    holdings: Sequence[Holding] = ()
    equity: Decimal | None = None
    problem: str = ""
    detail: str = ""

    @property
    def is_paper(self) -> bool:
        return self.key_id is None

    @property
    def worth(self) -> Decimal:
        """Of what has a price."""
        return sum((each.worth for each in self.holdings if each.worth is not None), Decimal(0))


@dataclass(frozen=True, slots=True)
class PriceCard:
    """A market now. Prices and ``quote_volume`` (24 h) in quote currency; None where there is none."""

    symbol: str
    title: str
    venue_title: str
    key_id: int | None
    instrument: Instrument
    bid: Decimal | None
    ask: Decimal | None
    quote_volume: Decimal | None

    @property
    def mid(self) -> Decimal | None:
        return (self.bid + self.ask) / 2 if self.bid is not None and self.ask is not None else None

    @property
    def spread_percent(self) -> Decimal | None:
        if self.bid is None or self.ask is None or not self.mid:
            return None
        return (self.ask - self.bid) / self.mid * 100


def order_number(order: Order) -> int | None:
    """The number by which a bot's order can be canceled by hand; None for one that cannot.

    An exit guards the position, and a market order ends by itself.
    """
    is_possible = not order.role.is_exit and order.type is OrderType.LIMIT and not order.status.is_final
    return number_of(order) if is_possible else None


def number_of(order: Order) -> int | None:
    """Which of its bot's orders it is."""
    named = parse_client_id(order.client_id)
    return named.sequence if named is not None else None
