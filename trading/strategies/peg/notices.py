"""What a peg tells besides what the house does."""

from __future__ import annotations

from typing import Literal

from trading.core.telling import (
    Amount,
    ASide,
    Loudness,
    MarketNotice,
    Merging,
    Money,
    Notice,
    Price,
    Topic,
)


class SweepFilled(MarketNotice):
    """What one sweep bought or sold. ``price`` is its average, ``edge`` the band's, beyond which others offered."""

    kind: Literal["sweep_filled"] = "sweep_filled"
    topic = Topic.FILLS
    merging = Merging.LIST
    side: ASide
    amount: Amount
    price: Price
    cost: Money
    edge: Price


class BandQuoteFilled(MarketNotice):
    """Somebody took this much of a quote inside the band. ``price`` is the average of this fill."""

    kind: Literal["band_quote_filled"] = "band_quote_filled"
    topic = Topic.FILLS
    merging = Merging.LIST
    loudness = Loudness.SILENT
    side: ASide
    amount: Amount
    price: Price


class SelfTradeRefused(MarketNotice):
    """Orders that trade with each other were asked for on a public market: that is wash trading, none is placed."""

    kind: Literal["self_trade_refused"] = "self_trade_refused"
    topic = Topic.ORDER_REFUSED


PEG_NOTICES: tuple[type[Notice], ...] = (SweepFilled, BandQuoteFilled, SelfTradeRefused)
