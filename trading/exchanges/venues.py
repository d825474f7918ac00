"""The venues a person may choose from. A plain table: nothing here imports ccxt, which takes seconds."""

from __future__ import annotations

from collections.abc import Mapping
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


@dataclass(frozen=True, slots=True)
class About:
    """What is known of an unproven venue without asking it.

    ``objection``: a code for what makes trading there impossible, or nothing. ``abilities``: by code, whether it can.
    """

    objection: str
    abilities: Mapping[str, bool]


@dataclass(frozen=True, slots=True, repr=False)
class Credentials:
    """An API key in the clear. Lives in memory only and never appears in a repr."""

    key: str = ""
    secret: str = ""
    passphrase: str = ""
    uid: str = ""
    account_id: str = ""
    login: str = ""
    twofa: str = ""
    token: str = ""
    private_key: str = ""
    wallet_address: str = ""


CREDENTIAL_NAMES: Mapping[str, str] = {
    "key": "apiKey",
    "secret": "secret",
    "passphrase": "password",
    "uid": "uid",
    "account_id": "accountId",
    "login": "login",
    "twofa": "twofa",
    "token": "token",
    "private_key": "privateKey",
    "wallet_address": "walletAddress",
}
"""Our names of credentials, and those that ccxt (and so the venues' own pages) use. In the order of asking."""

_OPEN = frozenset({"key", "uid", "account_id", "login", "wallet_address"})
"""What alone lets nobody in: of one of these the last characters are shown."""


def credential_field(name: str) -> CredentialField:
    return CredentialField(name, secret=name not in _OPEN)


_KEY, _SECRET, _PASSPHRASE = (credential_field(name) for name in ("key", "secret", "passphrase"))

VENUES: tuple[Venue, ...] = (
    Venue("bitget", "Bitget", (MarketKind.PERPETUAL,), (_KEY, _SECRET, _PASSPHRASE), proven=True),
    Venue("binance", "Binance", (MarketKind.SPOT,), (_KEY, _SECRET), proven=True),
    Venue("mexc", "MEXC", (MarketKind.SPOT,), (_KEY, _SECRET), proven=True),
    Venue("kucoin", "KuCoin", (MarketKind.SPOT,), (_KEY, _SECRET, _PASSPHRASE), proven=True),
)


def is_proven(venue_id: str, kind: MarketKind) -> bool:
    """Whether our contract suite has held this venue, for this kind of market."""
    return any(entry.id == venue_id and kind in entry.kinds for entry in VENUES)


def venue(venue_id: str) -> Venue:
    """Raises KeyError for a venue that is not in the table."""
    for entry in VENUES:
        if entry.id == venue_id:
            return entry
    raise KeyError(venue_id)
