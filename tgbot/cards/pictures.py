"""How pictures look, and the words in a bot's chart."""

from __future__ import annotations

from collections.abc import Mapping

from tgbot.callbacks import BotAct, Go, OnBot, Page, SetPictures
from tgbot.cards.bots import account_name, back_to
from tgbot.cards.card import CAPTION_LIMIT, Card, blocks, button
from tgbot.cards.clocks import times_labels
from tgbot.cards.home import home_button
from tgbot.words import Words
from trading.desk.answers import BotCard

_CHARTED = ("price", "average", "take_profit", "stop", "liquidation", "paper")
_TIMEFRAMES = ("1m", "5m", "15m", "1h", "4h")


def pictures_card(words: Words, is_dark: bool) -> Card:
    """Telegram tells nobody whether a chat is dark, so it is asked."""
    choices = [
        button(
            words.plain("choice-current", choice=name) if dark is is_dark else name,
            SetPictures(dark=dark),
        )
        for dark, name in ((False, words.plain("choice-pictures-light")), (True, words.plain("choice-pictures-dark")))
    ]
    settings = button(words.plain("button-settings"), Go(page=Page.SETTINGS))
    return Card(words("pictures-title"), [choices, [settings, home_button(words)]])


def chart_labels(words: Words) -> Mapping[str, str]:
    charted = {name: words.plain(f"picture-{name}") for name in _CHARTED}
    timeframes = {f"timeframe_{name}": words.plain(f"picture-timeframe-{name}") for name in _TIMEFRAMES}
    return {**charted, **timeframes, **times_labels(words)}


def chart_card(words: Words, bot: BotCard) -> Card:
    """Below the picture."""
    text = blocks(
        words("chart-title", id=str(bot.id), title=bot.title, account=account_name(words, bot)),
        words("chart-legend"),
        words("bot-paper-note") if bot.is_paper else None,
        limit=CAPTION_LIMIT,
    )
    refresh = button(words.plain("button-refresh"), OnBot(act=BotAct.CHART, bot=bot.id))
    return Card(text, [[refresh], [back_to(words, bot.id), home_button(words)]])
