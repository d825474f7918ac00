"""What is particular to a venue, as data. A venue that is not in the table gets a careful default."""

from __future__ import annotations

import re

from trading.core.instrument import MarketKind
from trading.exchanges.live.profiles.binance import BINANCE_SPOT
from trading.exchanges.live.profiles.bitget import BITGET_PERPETUAL
from trading.exchanges.live.profiles.kucoin import KUCOIN_SPOT
from trading.exchanges.live.profiles.mexc import MEXC_SPOT
from trading.exchanges.live.profiles.profile import Profile
from trading.exchanges.live.profiles.unproven import unproven

__all__ = [
    "BINANCE_SPOT",
    "BITGET_PERPETUAL",
    "CODE",
    "KUCOIN_SPOT",
    "MEXC_SPOT",
    "PROFILES",
    "Profile",
    "profile_of",
    "unproven",
]

CODE = re.compile(r'"(?:code|retCode|sCode|err_code)"\s*:\s*"?(-?\d+)"?')
"""Where venues put their own code in an answer."""

PROFILES: dict[tuple[str, MarketKind], Profile] = {
    ("binance", MarketKind.SPOT): BINANCE_SPOT,
    ("kucoin", MarketKind.SPOT): KUCOIN_SPOT,
    ("mexc", MarketKind.SPOT): MEXC_SPOT,
    ("bitget", MarketKind.PERPETUAL): BITGET_PERPETUAL,
}


def profile_of(venue: str, kind: MarketKind) -> Profile | None:
    """The profile written for this venue, or None."""
    return PROFILES.get((venue, kind))
