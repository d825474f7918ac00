"""Rules of markets that bots have traded, remembered so that a bot's figures can be shown while its venue is away."""

from __future__ import annotations

from datetime import datetime

from pydantic import TypeAdapter, ValidationError

from trading.core.instrument import Instrument
from trading.storage import Connection, market_cache

_RULES = TypeAdapter(Instrument)


def remember(connection: Connection, instrument: Instrument, at: datetime) -> None:
    text = _RULES.dump_json(instrument).decode()
    market_cache.save(connection, _name(instrument.venue, instrument.symbol), text, at)


def recall(connection: Connection, venue: str, symbol: str) -> Instrument | None:
    """The market as it was when a bot was last started on it; None when no bot ever was."""
    found = market_cache.load(connection, _name(venue, symbol))
    try:
        return _RULES.validate_json(found[0]) if found else None
    except ValidationError:
        return None


def _name(venue: str, symbol: str) -> str:
    return f"rules of {venue} {symbol}"
