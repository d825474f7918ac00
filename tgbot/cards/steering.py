"""The questions before a bot is stopped, started again or deleted."""

from __future__ import annotations

from aiogram.types import InlineKeyboardButton

from tgbot import figures
from tgbot.callbacks import AskStop, BotAct, DeleteBot, OnBot, StartBot, StopBot
from tgbot.cards.bots import account_name, back_to, is_spot, key_for, position_lines
from tgbot.cards.card import Card, blocks, button
from tgbot.cards.findings import finding_lines
from tgbot.coins import Coins
from tgbot.words import Words
from trading.desk.answers import BotCard, PreviewCard, StopChoice

_CHOICES = (StopChoice.KEEP_EXIT, StopChoice.CANCEL_ORDERS, StopChoice.CLOSE_ALL)


def stop_choices(words: Words, bot: BotCard) -> list[StopChoice]:
    """On spot only what has words of its own: where nothing is wound down, there is no exit to keep."""
    return [
        each
        for each in _CHOICES
        if not is_spot(bot) or key_for(words, f"stop-{each.value}", bot) != f"stop-{each.value}"
    ]


def stop_card(words: Words, bot: BotCard) -> Card:
    """The ways to stop, each explained."""
    choices = stop_choices(words, bot)
    text = blocks(
        words("stop-title", id=str(bot.id), title=bot.title, account=account_name(words, bot)),
        position_lines(words, bot),
        *(words(key_for(words, f"stop-{choice.value}", bot)) for choice in choices),
    )
    rows = [
        [button(words.plain(key_for(words, f"button-stop-{c.value}", bot)), AskStop(bot=bot.id, choice=c))]
        for c in choices
    ]
    return Card(text, [*rows, [back_to(words, bot.id)]])


def stop_confirm_card(words: Words, bot: BotCard, choice: StopChoice, token: str) -> Card:
    text = blocks(
        words("stop-sure", id=str(bot.id), title=bot.title, account=account_name(words, bot)),
        words(key_for(words, f"stop-{choice.value}", bot)),
        position_lines(words, bot),
    )
    label = words.plain(key_for(words, f"button-stop-yes-{choice.value}", bot))
    yes = button(label, StopBot(bot=bot.id, choice=choice, token=token))
    return Card(text, [[yes], [button(words.plain("button-back"), OnBot(act=BotAct.STOP, bot=bot.id))]])


def delete_bot_card(words: Words, bot: BotCard, token: str) -> Card:
    text = words(
        "delete-bot-sure",
        id=str(bot.id),
        title=bot.title,
        profit=figures.profit(bot.realized_net, Coins.of(bot.symbol).quote),
    )
    yes = button(words.plain("button-delete-yes"), DeleteBot(bot=bot.id, token=token))
    return Card(text, [[yes], [back_to(words, bot.id)]])


def start_again_card(words: Words, bot: BotCard, preview: PreviewCard, token: str, *, may_start: bool = True) -> Card:
    """A stopped bot's start: what is at risk, the findings, and Start only where it is possible.

    ``may_start``: no maintenance stops everything.
    """
    facts, coins = preview.preview, Coins.of(bot.symbol)
    text = blocks(
        words("start-again", id=str(bot.id), title=bot.title, account=account_name(words, bot)),
        words("preview-at-risk", value=figures.money(facts.at_risk, coins.quote), quote=coins.quote),
        *finding_lines(words, facts.findings, coins),
        words("preview-refused") if facts.is_refused else words("start-danger") if facts.is_dangerous else None,
        None if may_start else words("preview-not-now"),
    )
    rows: list[list[InlineKeyboardButton]] = []
    if may_start and not facts.is_refused:
        key = "button-start-anyway" if facts.is_dangerous else "button-start"
        rows.append([button(words.plain(key), StartBot(bot=bot.id, sure=facts.is_dangerous, token=token))])
    edit = button(words.plain("button-edit"), OnBot(act=BotAct.EDIT, bot=bot.id))
    return Card(text, [*rows, [edit, back_to(words, bot.id)]])
