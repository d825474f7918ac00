"""How an account is called."""

from __future__ import annotations


def key_name(venue: str, label: str) -> str:
    """The exchange and what its owner calls the key; once where both are the same, as the form proposes it."""
    return venue if label.casefold() == venue.casefold() else f"{venue} · {label}"
