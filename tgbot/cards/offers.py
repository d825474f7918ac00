"""What would mend a preview or make it safer: buttons that say which settings they change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tgbot.cards.card import TOAST_LIMIT, WHOLE_ROW
from tgbot.cards.fields import field_name, value_text
from tgbot.cards.findings import field_title
from tgbot.coins import Coins
from tgbot.forms import FormField
from tgbot.words import Words
from trading.core.planning import Offer
from trading.desk.answers import PreviewCard

_MOST_OFFERS = 8
_MARK_WIDTH = 4


def changes_text(
    words: Words,
    changes: Mapping[str, Any],
    settings: Sequence[FormField],
    coins: Coins,
    config: Mapping[str, Any],
    *,
    most: int = TOAST_LIMIT,
) -> str:
    """What would change of ``config``, in the settings' own names and units; as many of them as fit."""
    known, beside = {each.name: each for each in settings}, {**config, **changes}
    told = [
        f"{field_name(words, known[name])} {value_text(words, known[name], value, coins, beside)}"
        if name in known
        else f"{field_title(words, name)} {value}"
        for name, value in changes.items()
    ]
    while len(told) > 1 and len(", ".join(told)) > most:
        told = [*told[:-2], "…"] if told[-1] == "…" else [*told[:-1], "…"]
    return ", ".join(told)


def offer_text(
    words: Words, offer: Offer, settings: Sequence[FormField], coins: Coins, config: Mapping[str, Any]
) -> str:
    """A button that mends or makes safer, as wide as a phone."""
    changes = changes_text(words, offer.changes, settings, coins, config, most=WHOLE_ROW - _MARK_WIDTH)
    return words.plain("offer-survive" if offer.code.startswith("survive") else "offer-mend", changes=changes)


def offers_of(cards: Sequence[PreviewCard], shown: int) -> tuple[Offer, ...]:
    return tuple(cards[shown].preview.offers[:_MOST_OFFERS])
