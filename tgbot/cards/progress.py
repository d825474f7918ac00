"""Long work as a message: what is being done, how much of it is done, and how it ended."""

from __future__ import annotations

from tgbot.callbacks import CancelWork
from tgbot.cards.card import Card, blocks, button, lines
from tgbot.words import Html, Words

_BAR = 16


def bar(share: float) -> str:
    """How much of it is done, as a phone shows it in one line. ``share`` from 0 to 1."""
    full = int(_BAR * min(1.0, max(0.0, share)))
    return "█" * full + "░" * (_BAR - full)


def working_card(words: Words, title: Html, mark: str, stage: str, share: float) -> Card:
    """``mark`` is the work's own: its Cancel ends no other. ``stage`` is a code of the desk's; "" before the first."""
    doing = words(f"work-{stage}") if stage else words("work-begun")
    percent = f"{int(share * 100)}"
    text = blocks(title, lines(doing, words("work-bar", bar=bar(share), percent=percent)))
    cancel = button(words.plain("button-cancel"), CancelWork(work=mark))
    return Card(text, [[cancel]])


def ended_text(words: Words, title: Html, ending: str) -> Html:
    """``ending``: canceled, interrupted or failed."""
    return blocks(title, words(f"work-{ending}"))
