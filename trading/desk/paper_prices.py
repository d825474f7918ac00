"""Whose prices a paper account trades on, and what the desk tells of the account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from pydantic import TypeAdapter

MOST_UPLOAD = 2 * 1024 * 1024
"""Bytes of a recording that somebody brings: about a month of minutes."""


class PriceKind(StrEnum):
    """Made up; recorded, as the operator configured; recorded, brought by the person; a live venue's."""

    SIMULATED = "simulated"
    OPERATOR = "operator"
    UPLOADED = "uploaded"
    LIVE = "live"


@dataclass(frozen=True, slots=True)
class PaperPrices:
    """One choice. ``seed`` None: the operator's. ``venue`` of live prices; ``symbol`` and ``file`` (a name of ours, in
    our folder) of a recording that began to play at ``since``."""

    kind: PriceKind
    seed: int | None = None
    venue: str = ""
    symbol: str = ""
    file: str = ""
    since: datetime | None = None

    def to_json(self) -> str:
        return _ADAPTER.dump_json(self).decode()

    @classmethod
    def from_json(cls, text: str) -> PaperPrices:
        return _ADAPTER.validate_json(text)


_ADAPTER: TypeAdapter[PaperPrices] = TypeAdapter(PaperPrices)


@dataclass(frozen=True, slots=True)
class PaperAccountCard:
    """``total`` and ``free`` by currency, ``equity`` in USDT; None where the prices are away. ``seed`` is the one in
    use. ``has_ended``: a recording is over, its price stands still. ``away``: why there are no prices now.

    ``running`` are the active paper bots; ``operator`` the symbols that the operator configured recordings for.
    """

    total: Mapping[str, Decimal]
    free: Mapping[str, Decimal]
    equity: Decimal | None
    prices: PaperPrices
    seed: int
    speed: Decimal
    running: int
    operator: Sequence[str]
    venues: Sequence[tuple[str, str]]
    """The venues whose live prices can be had: id and title."""
    symbols: Sequence[str]
    """The markets for which a recording can be brought."""
    has_ended: bool = False
    away: str = ""
