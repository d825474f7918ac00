"""Bitget USDT perpetuals, as data."""

from __future__ import annotations

from datetime import timedelta

from trading.core.diff import AmendMode
from trading.core.instrument import MarketKind
from trading.exchanges.live.profiles.profile import Profile

_BITGET_REJECTIONS = {
    "40762": "insufficient_funds",
    "40711": "insufficient_funds",
    "40712": "insufficient_funds",
    "40754": "insufficient_funds",
    "43012": "insufficient_funds",
    "45110": "below_min_cost",
    "40774": "position_mode",
    "22002": "reduce_only",
    "40757": "reduce_only",
    "40786": "duplicate_id",
    "40109": "not_found",
    "40768": "not_found",
    "22001": "not_found",
    "43001": "not_found",
    "43025": "not_found",
    "40108": "invalid_order",
    "40017": "invalid_order",
    "40019": "invalid_order",
    "40706": "invalid_order",
    "40808": "invalid_order",
    "40917": "invalid_order",
    "41103": "invalid_order",
    "41117": "invalid_order",
    "43011": "invalid_order",
    "45111": "invalid_order",
    "45113": "invalid_order",
    "45115": "invalid_order",
    "45122": "invalid_order",
    # Refused before it reached the order book: our clock is off by more than 30 seconds.
    "40004": "other",
    "40005": "other",
    "40008": "other",
    "40309": "other",
    "45117": "margin_mode",
    "40919": "position_mode",
    "40920": "position_mode",
    "45116": "leverage",
    "40797": "leverage",
}

BITGET_PERPETUAL = Profile(
    kind=MarketKind.PERPETUAL,
    # Modify cancels and creates asynchronously and refuses partly filled orders: as good as none.
    amend=AmendMode.NONE,
    place_batch=50,
    cancel_batch=50,
    # A signed request is refused when its timestamp is older than 30 seconds.
    receive_window=timedelta(seconds=30),
    open_orders_need_symbol=False,
    rejections=_BITGET_REJECTIONS,
    throttles=frozenset({"429", "30006", "30007", "50009", "1001"}),
    markers=("code", "00000"),
    options={"uta": False, "defaultType": "swap", "defaultSubType": "linear", "fetchMarkets": {"types": ["swap"]}},
    has={"fetchCurrencies": False},
    market_requests=6,
)
