"""What is particular to a venue, as data. A venue that is not in the table gets a careful default."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from trading.core.diff import AmendMode
from trading.core.instrument import MarketKind
from trading.exchanges.live.binance_sockets import BinanceSockets
from trading.exchanges.live.kucoin_feed import KucoinFeed
from trading.exchanges.live.mexc_feed import MexcFeed


@dataclass(frozen=True, slots=True)
class Profile:
    """``rejections`` maps a venue's code to our reason; a code that is not there proves nothing.

    ``phrases`` tell apart what shares one code: (code, part of the venue's sentence, our reason), the first that fits.
    ``bad_credentials`` are codes that mean the key, whatever ccxt makes of them.
    ``markers`` is what every good answer carries: a key and its value. ``receive_window`` is how long after sending a
    request may still be executed. ``market_requests`` is what loading the market rules costs.
    ``order_budget`` is what the order socket allows beside REST: weight a minute, and at once.
    ``mixins`` are classes that stand before ccxt's own and mend what its settings do not reach.
    ``is_proven``: written for this venue and held to the contract suite; of others only ccxt's word is known.
    """

    kind: MarketKind
    amend: AmendMode = AmendMode.NONE
    place_batch: int = 1
    cancel_batch: int = 1
    receive_window: timedelta = timedelta(seconds=60)
    open_orders_need_symbol: bool = True
    has_private_stream: bool = True
    rejections: Mapping[str, str] = field(default_factory=dict)
    throttles: frozenset[str] = frozenset()
    bad_credentials: frozenset[str] = frozenset()
    phrases: tuple[tuple[str, str, str], ...] = ()
    markers: tuple[str, str] | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    has: Mapping[str, bool] = field(default_factory=dict)
    market_requests: int = 4
    mixins: tuple[type, ...] = ()
    order_budget: tuple[float, float] | None = None
    is_proven: bool = True


CODE = re.compile(r'"(?:code|retCode|sCode|err_code)"\s*:\s*"?(-?\d+)"?')
"""Where venues put their own code in an answer."""

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

PROFILES: dict[tuple[str, MarketKind], Profile] = {
    ("binance", MarketKind.SPOT): BINANCE_SPOT,
    ("kucoin", MarketKind.SPOT): KUCOIN_SPOT,
    ("mexc", MarketKind.SPOT): MEXC_SPOT,
    ("bitget", MarketKind.PERPETUAL): BITGET_PERPETUAL,
}


def profile_of(venue: str, kind: MarketKind) -> Profile | None:
    """The profile written for this venue, or None."""
    return PROFILES.get((venue, kind))


def unproven(kind: MarketKind, exchange: Any) -> Profile:
    """The careful default for a venue of which only ccxt's own tables are known."""
    is_swap = kind is MarketKind.PERPETUAL
    ours = {"defaultType": "swap", "defaultSubType": "linear"} if is_swap else {"defaultType": "spot"}
    return Profile(
        kind=kind,
        has_private_stream=exchange.has.get("watchOrders") is True,
        options={**ours, "fetchMargins": False, **_fewer_markets(kind, exchange)},
        # Names of currencies and their networks: private on many venues, many requests on others, of no use here.
        has={"fetchCurrencies": False},
        is_proven=False,
    )


def _fewer_markets(kind: MarketKind, exchange: Any) -> Mapping[str, Any]:
    """The option by which some of ccxt's venues load one kind of markets only, where this one has it."""
    told = exchange.options.get("fetchMarkets")
    types = told.get("types") if isinstance(told, Mapping) else None
    ours = {"spot"} if kind is MarketKind.SPOT else {"swap", "linear"}
    kept = [name for name in types if name in ours] if isinstance(types, list) else []
    return {"fetchMarkets": {**told, "types": kept}} if kept and isinstance(told, Mapping) else {}
