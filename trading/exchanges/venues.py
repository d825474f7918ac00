"""The venues a person may choose from. A plain table: nothing here imports ccxt, which takes seconds."""

from __future__ import annotations

from dataclasses import dataclass

from trading.core.instrument import MarketKind


@dataclass(frozen=True, slots=True)
class CredentialField:
    """One thing to ask for. ``name`` is a field of ``Credentials``; ``secret``: never shown again."""

    name: str
    secret: bool


@dataclass(frozen=True, slots=True)
class Venue:
    """``proven``: held to our contract suite over its real wire protocol; others may be tried with care."""

    id: str
    title: str
    kinds: tuple[MarketKind, ...]
    fields: tuple[CredentialField, ...]
    proven: bool


@dataclass(frozen=True, slots=True, repr=False)
class Credentials:
    """An API key in the clear. Lives in memory only and never appears in a repr."""

    key: str
    secret: str
    passphrase: str = ""


_KEY = CredentialField("key", secret=False)
_SECRET = CredentialField("secret", secret=True)
_PASSPHRASE = CredentialField("passphrase", secret=True)

VENUES: tuple[Venue, ...] = (
    Venue("bitget", "Bitget", (MarketKind.PERPETUAL,), (_KEY, _SECRET, _PASSPHRASE), proven=True),
    Venue("binance", "Binance", (MarketKind.SPOT,), (_KEY, _SECRET), proven=True),
    Venue("mexc", "MEXC", (MarketKind.SPOT,), (_KEY, _SECRET), proven=True),
    Venue("kucoin", "KuCoin", (MarketKind.SPOT,), (_KEY, _SECRET, _PASSPHRASE), proven=True),
)


def venue(venue_id: str) -> Venue:
    """Raises KeyError for a venue that is not in the table."""
    for entry in VENUES:
        if entry.id == venue_id:
            return entry
    raise KeyError(venue_id)
