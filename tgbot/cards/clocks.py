"""Whose clock times are by: said once where a card or a picture shows several of them.

Paper lives by a clock of its own, which runs as fast as the paper account's time does.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from tgbot.times import zone_name, zone_text
from tgbot.words import Html, Words


def times_line(words: Words, at: datetime, *, is_paper: bool = False) -> Html:
    """A line below times near ``at``."""
    return words("times-in-paper" if is_paper else "times-in", zone=zone_text(words.zone, at))


def times_labels(words: Words) -> Mapping[str, str]:
    """For pictures, which know themselves whether they show paper."""
    zone = zone_name(words.zone)
    return {
        "times": words.plain("picture-times", zone=zone),
        "times_paper": words.plain("picture-times-paper", zone=zone),
    }
