"""The careful default for a venue of which only ccxt's own tables are known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trading.core.instrument import MarketKind
from trading.exchanges.live.profiles.profile import Profile


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
