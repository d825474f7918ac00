"""KuCoin spot, as data."""

from __future__ import annotations

from datetime import timedelta

from trading.core.diff import AmendMode
from trading.core.instrument import MarketKind
from trading.exchanges.live.kucoin_feed import KucoinFeed
from trading.exchanges.live.profiles.profile import Profile

_KUCOIN_REJECTIONS = {
    "200004": "insufficient_funds",
    "230003": "insufficient_funds",
    "600101": "below_min_cost",
    # The sentence says which: funds below the minimum, or off an increment.
    "600100": "invalid_order",
    # Parameter error: the request as such is refused.
    "400100": "invalid_order",
    "400330": "invalid_order",
    "400370": "invalid_order",
    "400400": "invalid_order",
    "400600": "invalid_order",
    "400760": "invalid_order",
    "900001": "invalid_order",
    "400350": "other",
    "200001": "other",
    "200003": "other",
    "200009": "other",
    "400200": "other",
    "400500": "other",
    "400700": "other",
    # Refused before it was looked at: our clock is off by more than 5 seconds.
    "400002": "other",
}

KUCOIN_SPOT = Profile(
    kind=MarketKind.SPOT,
    # Its ``alter`` cancels and places under the same client id: two orders in one slot when the answer is lost.
    amend=AmendMode.NONE,
    place_batch=5,
    cancel_batch=1,
    # A signed request is refused when its timestamp differs by more than 5 seconds.
    receive_window=timedelta(seconds=5),
    open_orders_need_symbol=True,
    rejections=_KUCOIN_REJECTIONS,
    throttles=frozenset({"429000", "1015"}),
    phrases=(
        ("400100", "uplicat", "duplicate_id"),
        ("400100", "not_exist", "not_found"),
        ("400100", "not exist", "not_found"),
        ("400100", "below the minimum", "below_min_cost"),
        ("600100", "unds below", "below_min_cost"),
    ),
    markers=("code", "200000"),
    options={
        # With cached markets it would stay unset, and orders would go to endpoints that forget them.
        "hf": True,
        "uta": False,
        "defaultType": "spot",
        "fetchMarkets": {"types": ["spot"], "fetchTickersFees": True},
        "watchBalance": {"fetchBalanceSnapshot": False, "awaitBalanceSnapshot": False},
    },
    has={"fetchCurrencies": False},
    market_requests=2,
    mixins=(KucoinFeed,),
)
