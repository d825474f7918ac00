"""Bots paused, resumed, stopped: one by button, or all of them after a question."""

from __future__ import annotations

from collections.abc import Sequence

from aiogram.types import InlineKeyboardButton

from tgbot.callbacks import AllAct, AskAll, AskStopAll, BotAct, Go, OnBot, Page, SteerAll, StopAll
from tgbot.cards.bots import account_name, bots_button, key_for, mark
from tgbot.cards.card import Card, blocks, button, lines
from tgbot.cards.home import home_button
from tgbot.cards.steering import stop_choices
from tgbot.words import Html, Words
from trading.desk.answers import Activity, BotCard, StopChoice

_MOST_BOTS = 40
_WORKING = (Activity.RUNNING, Activity.COOLING_DOWN)
_CHOICES = (StopChoice.KEEP_EXIT, StopChoice.CANCEL_ORDERS, StopChoice.CLOSE_ALL)


def can_pause(bot: BotCard) -> bool:
    return bot.activity in _WORKING


def can_resume(bot: BotCard) -> bool:
    return bot.activity is Activity.PAUSED


def can_stop(bot: BotCard) -> bool:
    return bot.activity is not Activity.STOPPED


def pause_which_card(words: Words, bots: Sequence[BotCard]) -> Card:
    everyone = button(words.plain("button-pause-all"), AskAll(act=AllAct.PAUSE))
    return _which(words, "pause-which", "pause-none", [bot for bot in bots if can_pause(bot)], BotAct.PAUSE, everyone)


def resume_which_card(words: Words, bots: Sequence[BotCard]) -> Card:
    everyone = button(words.plain("button-resume-all"), AskAll(act=AllAct.RESUME))
    paused = [bot for bot in bots if can_resume(bot)]
    return _which(words, "resume-which", "resume-none", paused, BotAct.RESUME, everyone)


def stop_which_card(words: Words, bots: Sequence[BotCard]) -> Card:
    everyone = button(words.plain("button-stop-all"), AskStopAll())
    return _which(words, "stop-which", "stop-none", [bot for bot in bots if can_stop(bot)], BotAct.STOP, everyone)


def all_sure_card(words: Words, act: AllAct, bots: Sequence[BotCard], token: str) -> Card:
    """Asks once before all bots are paused or resumed."""
    name = act.name.lower()
    key, yes = _SURE[act]
    rows = [[button(words.plain(yes), SteerAll(act=act, token=token))]]
    return Card(blocks(words(key, **_count(bots)), _names(words, bots)), [*rows, [_back(words, Page(name))]])


def stop_all_card(words: Words, bots: Sequence[BotCard]) -> Card:
    """The ways to stop that any of them has, for all bots."""
    choices = [each for each in _CHOICES if any(each in stop_choices(words, bot) for bot in bots)]
    text = blocks(
        words("stop-all-title", **_count(bots)),
        _names(words, bots),
        *(words(_shared(words, f"stop-{each.value}", bots)) for each in choices),
    )
    rows = [
        [button(words.plain(_shared(words, f"button-stop-{each.value}", bots)), AskStopAll(choice=each))]
        for each in choices
    ]
    return Card(text, [*rows, [_back(words, Page.STOP)]])


def stop_all_sure_card(words: Words, bots: Sequence[BotCard], choice: StopChoice, token: str) -> Card:
    what = words(_shared(words, f"stop-{choice.value}", bots))
    text = blocks(words("stop-all-sure", **_count(bots)), what, _names(words, bots))
    label = words.plain(_shared(words, f"button-stop-yes-{choice.value}", bots))
    yes = button(label, StopAll(choice=choice, token=token))
    return Card(text, [[yes], [button(words.plain("button-back"), AskStopAll())]])


def all_done_card(words: Words, key: str, bots: Sequence[BotCard]) -> Card:
    """How the bots stand after it."""
    status = button(words.plain("button-status"), Go(page=Page.STATUS))
    return Card(blocks(words(key, **_count(bots)), _names(words, bots)), [[status, home_button(words)]])


_SURE = {
    AllAct.PAUSE: ("pause-all-sure", "button-pause-all-yes"),
    AllAct.RESUME: ("resume-all-sure", "button-resume-all-yes"),
}


def _which(
    words: Words, key: str, none: str, bots: Sequence[BotCard], act: BotAct, everyone: InlineKeyboardButton
) -> Card:
    if not bots:
        return Card(words(none), [[bots_button(words), home_button(words)]])
    rows = [
        [button(words.plain("button-bot", mark=mark(bot), id=str(bot.id), title=bot.title), OnBot(act=act, bot=bot.id))]
        for bot in bots[:_MOST_BOTS]
    ]
    return Card(blocks(words(key), _names(words, bots)), [*rows, [everyone], [home_button(words)]])


def _names(words: Words, bots: Sequence[BotCard]) -> Html | None:
    """Which bots, with their accounts, so that paper is never taken for money."""
    told = lines(
        *(
            words("all-line", mark=mark(bot), id=str(bot.id), title=bot.title, account=account_name(words, bot))
            for bot in bots[:_MOST_BOTS]
        ),
        words("bots-more", count=len(bots) - _MOST_BOTS) if len(bots) > _MOST_BOTS else None,
    )
    return told or None


def _shared(words: Words, key: str, bots: Sequence[BotCard]) -> str:
    """The sentence in the words of their strategy or market where all have the same, else as it is for all."""
    keys = {key_for(words, key, bot) for bot in bots}
    return keys.pop() if len(keys) == 1 else key


def _count(bots: Sequence[BotCard]) -> dict[str, int]:
    return {"count": len(bots)}


def _back(words: Words, page: Page) -> InlineKeyboardButton:
    return button(words.plain("button-back"), Go(page=page))
