"""MEXC spot, as data."""

from __future__ import annotations

from datetime import timedelta

from trading.core.diff import AmendMode
from trading.core.instrument import MarketKind
from trading.exchanges.live.mexc_feed import MexcFeed
from trading.exchanges.live.profiles.profile import Profile

_MEXC_REJECTIONS = {
    "30004": "insufficient_funds",
    "30005": "insufficient_funds",
    "10101": "insufficient_funds",
    "30002": "below_min_cost",
    "-2011": "not_found",
    "-2013": "not_found",
    "30003": "invalid_order",
    "30010": "invalid_order",
    "30014": "invalid_order",
    "30021": "invalid_order",
    "30041": "invalid_order",
    "30087": "invalid_order",
    "33333": "invalid_order",
    "44444": "invalid_order",
    "700004": "invalid_order",
    "700008": "invalid_order",
    "30000": "other",
    "30001": "other",
    "30016": "other",
    "30018": "other",
    "30019": "other",
    "30020": "other",
    "30025": "other",
    "30027": "other",
    "30028": "other",
    "30029": "other",
    "30032": "other",
    "70011": "other",
    # Refused before it was looked at: our clock is off by more than the window.
    "10073": "other",
    "700003": "other",
    "700005": "other",
}

MEXC_SPOT = Profile(
    kind=MarketKind.SPOT,
    amend=AmendMode.NONE,
    place_batch=20,
    cancel_batch=1,
    # ccxt sends a recvWindow of 5 seconds with every signed request.
    receive_window=timedelta(seconds=5),
    open_orders_need_symbol=True,
    rejections=_MEXC_REJECTIONS,
    throttles=frozenset({"429", "510"}),
    bad_credentials=frozenset({"10072", "602", "700001", "700002", "700006", "700007"}),
    phrases=(("-2010", "uplicate", "duplicate_id"), ("400", "scale is invalid", "invalid_order")),
    options={"defaultType": "spot", "recvWindow": 5000},
    has={"fetchCurrencies": False},
    market_requests=2,
    mixins=(MexcFeed,),
)
