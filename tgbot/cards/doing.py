"""What a running bot is about at this moment: its strategy's facts, each worded as ``doing-<kind>``."""

from __future__ import annotations

from collections.abc import Sequence

from tgbot.cards.about import About
from tgbot.cards.facts import fact_text
from tgbot.words import Html, Words
from trading.desk.answers import BotCard


def doing_lines(words: Words, bot: BotCard) -> Sequence[Html]:
    about = About(words, bot.id, bot)
    return [fact_text(about, f"doing-{fact.kind}", fact) for fact in bot.doing]
