"""Notices as messages. Every kind is worded as ``notice-<kind>`` from its own fields; a burst becomes one message.

A kind that is listed in a burst has its line ``notice-<kind>-line`` for each, and may have ``notice-<kind>-end``; its
sentence counts them as ``count``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from aiogram.types import InlineKeyboardButton

from tgbot import figures
from tgbot.callbacks import BotAct, Go, OnBot, Page
from tgbot.cards.about import About
from tgbot.cards.bots import account_name, is_spot, key_for
from tgbot.cards.card import Card, blocks, button, lines
from tgbot.cards.facts import cause_text, detail_text, fact_text, fact_values, names_text
from tgbot.cards.home import access_request_card, home_button
from tgbot.cards.members import invite_used_card
from tgbot.cards.summaries import daily_card, digest_card
from tgbot.coins import Coins
from tgbot.words import Html, Words, words_for
from trading.core import notices as told
from trading.core.summaries import DailyReport, Digest
from trading.core.telling import Merging, Notice, StoredNotice, UnknownNotice
from trading.desk.connecting import PAPER, title_of

__all__ = ["About", "is_silent", "notice_card", "notice_lines"]

_MOST_LINES = 12


def notice_card(about: About, notices: Sequence[Notice]) -> Card:
    """One message for one notice, or for a burst of those of one bot that merge."""
    words, first = about.words, notices[0]
    if isinstance(first, told.AccessRequested):
        return access_request_card(words, first.person_id, first.name)
    if isinstance(first, Digest):
        return digest_card(words, first, ())
    if isinstance(first, DailyReport):
        return daily_card(words, first)
    if isinstance(first, told.InviteUsed):
        return invite_used_card(words, first.person_id, first.name)
    if isinstance(first, told.AccessRemoved):
        # Nothing of the person is known any more but what the notice says.
        theirs = words_for(first.language)
        return Card(theirs("notice-access_removed"), [[home_button(theirs)]])
    listed: dict[type[Notice], list[Notice]] = {}
    for each in notices:
        if each.merging is Merging.LIST:
            listed.setdefault(type(each), []).append(each)
    # Of several of the others, moves of one thing, only the last still stands.
    others = [each for each in notices if each.merging is not Merging.LIST][-1:]
    body = [*(_list(about, each) for each in listed.values()), *(_worded(about, each) for each in others)]
    return Card(blocks(_head(about, first), lines(*body)), [_buttons(about, first)])


def is_silent(notices: Sequence[StoredNotice]) -> bool:
    """A message makes a sound when anything in it does."""
    return all(each.is_silent for each in notices)


def notice_lines(about: About, notice: Notice) -> Html:
    """One notice among others: what it is about, and its sentence."""
    body = _list(about, [notice]) if notice.merging is Merging.LIST else _worded(about, notice)
    return lines(_head(about, notice), body)


def _head(about: About, notice: Notice) -> Html | None:
    """The bot, where the notice is about one and not about a venue or the house."""
    words, bot = about.words, about.bot
    symbol = getattr(notice, "symbol", None)
    if bot is not None and (symbol is not None or isinstance(notice, UnknownNotice)):
        return words("notice-head", id=str(bot.id), title=bot.title, account=account_name(words, bot))
    return words("notice-head-gone", title=str(symbol).split(":", maxsplit=1)[0]) if symbol is not None else None


def _buttons(about: About, notice: Notice) -> list[InlineKeyboardButton]:
    words = about.words
    if about.bot_id is not None:
        return [button(words.plain("button-open"), OnBot(act=BotAct.OPEN, bot=about.bot_id))]
    if isinstance(notice, told.KeyInvalid):
        return [button(words.plain("button-all-keys"), Go(page=Page.KEYS))]
    if isinstance(notice, told.SystemTrouble | told.TroubleOver):
        return [button(words.plain("button-admin"), Go(page=Page.ADMIN))]
    return [home_button(words)]


def _list(about: About, notices: Sequence[Notice]) -> Html:
    words, last, more = about.words, notices[-1], len(notices) - _MOST_LINES
    key = f"notice-{last.kind}"
    return lines(
        words(key, **{**fact_values(about, last), "count": len(notices)}),
        words("notices-more", count=more) if more > 0 else None,
        *(words(f"{key}-line", **fact_values(about, each)) for each in notices[-_MOST_LINES:]),
        words(f"{key}-end", **fact_values(about, last)) if words.has(f"{key}-end") else None,
    )


def _worded(about: About, notice: Notice) -> Html:
    special = _SPECIAL.get(type(notice))
    return special(about, notice) if special else fact_text(about, f"notice-{notice.kind}", notice)


def _key_for(about: About, key: str) -> str:
    return key_for(about.words, key, about.bot) if about.bot is not None else key


def _bot_paused(about: About, n: told.BotPaused) -> Html:
    words = about.words
    why = _own_words(words, n.detail) if n.cause == "crash" else detail_text(words, n.detail)
    return lines(
        words("notice-bot_paused", cause=cause_text(words, n.cause)), why, words(_key_for(about, "bot-paused-keeps"))
    )


def _bot_stopped(about: About, n: told.BotStopped) -> Html:
    words = about.words
    return lines(
        words("notice-bot_stopped", cause=cause_text(words, n.cause)),
        _left_behind(about, n),
    )


def _left_behind(about: About, n: told.BotStopped) -> Html:
    words, base = about.words, Coins.of(n.symbol).base
    if figures.is_dust(n.position, about.market.instrument):
        return words(_key_for(about, "bot-stopped-flat"))
    if n.position < 0 and about.bot is not None and is_spot(about.bot):
        return words("bot-stopped-short-spot", position=about.amount(-n.position), base=base)
    return words(_key_for(about, "bot-stopped-position"), position=about.amount(n.position), base=base)


def _unknown_orders(about: About, n: told.UnknownOrders) -> Html:
    outcome = about.words.first(f"outcome-{n.outcome}", "outcome-other", code=n.outcome)
    ids = names_text(n.client_ids)
    return about.words("notice-unknown_orders", count=len(n.client_ids), outcome=outcome, ids=ids)


def _system_trouble(about: About, n: told.SystemTrouble) -> Html:
    words = about.words
    what = words.first(f"trouble-{n.what}", "trouble-other", code=n.what)
    return lines(words("notice-system_trouble", what=what), _own_words(words, n.detail))


def _trouble_over(about: About, n: told.TroubleOver) -> Html:
    what = about.words.first(f"trouble-{n.what}", "trouble-other", code=n.what)
    return about.words("notice-trouble_over", what=what, seconds=figures.span(n.seconds))


def _own_words(words: Words, detail: str) -> Html | None:
    """A technical text that is no venue's."""
    return words("own-words", detail=detail) if detail else None


def _venue_away(about: About, n: told.VenueAway) -> Html:
    return _by_venue(about, n, "paper-source_away" if n.prices_of else "paper-no_prices")


def _venue_back(about: About, n: told.VenueBack) -> Html:
    return _by_venue(about, n, "paper-source_back" if n.prices_of else "paper-prices_again")


def _by_venue(about: About, n: told.VenueAway | told.VenueBack, on_paper: str) -> Html:
    """By the venue's name; on paper by that of the one whose prices it has, where that is known."""
    key = on_paper if n.venue == PAPER else f"notice-{n.kind}"
    return about.words(key, **{**fact_values(about, n), "venue": title_of(n.prices_of or n.venue)})


_SPECIAL: Mapping[type[Notice], Callable[[About, Any], Html]] = {
    told.BotPaused: _bot_paused,
    told.BotStopped: _bot_stopped,
    told.UnknownOrders: _unknown_orders,
    told.SystemTrouble: _system_trouble,
    told.TroubleOver: _trouble_over,
    told.VenueAway: _venue_away,
    told.VenueBack: _venue_back,
}
"""Facts of the house that are worded by the bot they are about, or by codes of their own."""
