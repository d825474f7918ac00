"""Settings kept under a name, settings behind a link, and what an edit would do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

MOST_PRESETS = 20
MOST_SHARES = 10
"""Of one person."""
LONGEST_NAME = 30


@dataclass(frozen=True, slots=True)
class PresetCard:
    """A person's own preset: raw values, money included, but no price, which another market would not have.

    Of an older version's settings only those that still fit are here.
    """

    id: int
    strategy: str
    name: str
    settings: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ShareCard:
    """A link of one's own. Whoever is let in opens it by ``code`` until ``expires_at``."""

    id: int
    code: str
    strategy: str
    title: str
    """The market that the settings were made for, as a person writes it."""
    settings: Mapping[str, Any]
    author: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class SharedSettings:
    """What a link holds, as far as the strategy of now takes it: settings that it would refuse are in ``dropped``."""

    strategy: str
    title: str
    settings: Mapping[str, Any]
    author: str
    dropped: tuple[str, ...] = ()
