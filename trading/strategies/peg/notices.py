"""What a peg tells besides what the house does."""

from __future__ import annotations

from typing import Literal

from trading.core.telling import MarketNotice, Notice, Topic


class SelfTradeRefused(MarketNotice):
    """Orders that trade with each other were asked for on a public market: that is wash trading, none is placed."""

    kind: Literal["self_trade_refused"] = "self_trade_refused"
    topic = Topic.ORDER_REFUSED


PEG_NOTICES: tuple[type[Notice], ...] = (SelfTradeRefused,)
