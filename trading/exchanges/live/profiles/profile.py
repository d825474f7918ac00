"""What there is to know of a venue besides its wire: capabilities, codes, ccxt's settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from trading.core.diff import AmendMode
from trading.core.instrument import MarketKind


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
