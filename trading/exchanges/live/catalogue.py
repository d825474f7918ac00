"""All that ccxt could speak to, beside the venues that are proven. Nothing here asks a venue."""

from __future__ import annotations

from functools import cache
from typing import Any

import ccxt.pro

from trading.core.instrument import MarketKind
from trading.exchanges.live import abilities
from trading.exchanges.venues import CREDENTIAL_NAMES, About, Venue, credential_field, is_proven


@cache
def venues() -> tuple[Venue, ...]:
    """Unproven venues that have spot or linear perpetuals, take keys and make orders, by name.

    A proven venue is among them with the kinds of markets for which it is not.
    """
    found = (_venue(name) for name in ccxt.pro.exchanges)
    return tuple(sorted((entry for entry in found if entry is not None), key=lambda entry: entry.title.casefold()))


@cache
def about(venue: str, kind: MarketKind) -> About:
    """What ccxt says that a venue can do. Raises KeyError for a venue that ccxt does not know."""
    if venue not in ccxt.pro.exchanges:
        raise KeyError(venue)
    exchange = _instance(venue)
    return About(abilities.objection(exchange, kind), abilities.abilities(exchange, kind))


def _venue(name: str) -> Venue | None:
    exchange = _instance(name)
    fields = tuple(
        credential_field(ours) for ours, theirs in CREDENTIAL_NAMES.items() if exchange.requiredCredentials.get(theirs)
    )
    kinds = tuple(kind for kind in abilities.kinds(exchange) if not is_proven(name, kind))
    makes_orders = all(abilities.can(exchange, method) for method in ("createOrder", "cancelOrder", "fetchOpenOrders"))
    if not fields or not kinds or not makes_orders:
        return None
    return Venue(name, str(exchange.name), kinds, fields, proven=False)


def _instance(name: str) -> Any:
    return getattr(ccxt.pro, name)()
