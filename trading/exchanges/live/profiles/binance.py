"""Binance spot, as data."""

from __future__ import annotations

from datetime import timedelta

from trading.core.diff import AmendMode
from trading.core.instrument import MarketKind
from trading.exchanges.live.binance_sockets import BinanceSockets
from trading.exchanges.live.profiles.profile import Profile

BINANCE_SPOT = Profile(
    kind=MarketKind.SPOT,
    amend=AmendMode.REPLACE,
    # A request is refused when it is older than recvWindow; a margin for what was taken just before.
    receive_window=timedelta(seconds=10),
    open_orders_need_symbol=False,
    rejections={
        "-1013": "invalid_order",
        "-1100": "invalid_order",
        "-1101": "invalid_order",
        "-1102": "invalid_order",
        "-1103": "invalid_order",
        "-1104": "invalid_order",
        "-1106": "invalid_order",
        "-1111": "invalid_order",
        "-1115": "invalid_order",
        "-1116": "invalid_order",
        "-1117": "invalid_order",
        "-1121": "invalid_order",
        "-1130": "invalid_order",
        # Refused before it reached the order book: our clock is off.
        "-1021": "other",
        "-1131": "other",
        "-2010": "other",
        "-2011": "not_found",
        "-2013": "not_found",
    },
    phrases=(
        ("-1013", "NOTIONAL", "below_min_cost"),
        ("-2010", "insufficient balance", "insufficient_funds"),
        ("-2010", "immediately match", "post_only_would_take"),
        ("-2010", "Duplicate", "duplicate_id"),
        ("-2011", "restrictions", "other"),
    ),
    throttles=frozenset({"-1003", "-1015"}),
    # ccxt takes -2015 for a ban once a key has worked.
    bad_credentials=frozenset({"-1022", "-2014", "-2015"}),
    options={
        "defaultType": "spot",
        "fetchMarkets": {"types": ["spot"]},
        "fetchMargins": False,
        "recvWindow": 5000,
    },
    has={"fetchCurrencies": False},
    market_requests=1,
    mixins=(BinanceSockets,),
    # 6000 weight a minute are shared by all that the address does; 100 new orders in 10 s by weighing each of them 6.
    order_budget=(3000, 60),
)
