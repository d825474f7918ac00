"""Notices as messages. Every kind is worded as ``notice-<kind>``; fills that come in a burst become one message."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from aiogram.types import InlineKeyboardButton

from tgbot import figures
from tgbot.callbacks import BotAct, Go, OnBot, Page
from tgbot.cards.about import About
from tgbot.cards.bots import account_name, key_for
from tgbot.cards.card import Card, blocks, button, lines
from tgbot.cards.findings import field_title
from tgbot.cards.home import access_request_card, home_button
from tgbot.cards.members import invite_used_card
from tgbot.cards.spot_notices import SPOT_VALUES, legs_text
from tgbot.coins import Coins
from tgbot.words import Html, Words, words_for
from trading.core import notices as told

__all__ = ["About", "is_silent", "notice_card"]

_MOST_FILLS = 12
_MOST_IDS = 5


def notice_card(about: About, notices: Sequence[told.Notice]) -> Card:
    """One message for one notice, or for a burst of fills and take-profits of one bot."""
    words, first = about.words, notices[0]
    if isinstance(first, told.AccessRequested):
        return access_request_card(words, first.person_id, first.name)
    if isinstance(first, told.InviteUsed):
        return invite_used_card(words, first.person_id, first.name)
    if isinstance(first, told.AccessRemoved):
        # Nothing of the person is known any more but what the notice says.
        theirs = words_for(first.language)
        return Card(theirs("notice-access_removed"), [[home_button(theirs)]])
    legs = [each for each in notices if isinstance(each, told.LegExecuted)]
    if legs:
        return Card(blocks(_head(about, first), legs_text(about, legs)), [_buttons(about, first)])
    fills = [each for each in notices if isinstance(each, told.EntryFilled)]
    others = [each for each in notices if not isinstance(each, told.EntryFilled)]
    # Of several moves of the take-profit only the last still stands.
    body = [_fills(about, fills) if fills else None, *(_worded(about, each) for each in others[-1:])]
    return Card(blocks(_head(about, first), lines(*body)), [_buttons(about, first)])


def is_silent(notices: Sequence[told.Notice]) -> bool:
    """What comes often and asks nothing of anybody makes no sound."""
    return all(isinstance(each, told.TakeProfitPlaced | told.LegExecuted) for each in notices)


def _head(about: About, notice: told.Notice) -> Html | None:
    symbol = getattr(notice, "symbol", None)
    if symbol is None:
        return None
    title = about.bot.title if about.bot else str(symbol).split(":", maxsplit=1)[0]
    if about.bot is None:
        return about.words("notice-head-gone", title=title)
    account = account_name(about.words, about.bot)
    return about.words("notice-head", id=str(about.bot.id), title=title, account=account)


def _buttons(about: About, notice: told.Notice) -> list[InlineKeyboardButton]:
    words = about.words
    if about.bot_id is not None:
        return [button(words.plain("button-open"), OnBot(act=BotAct.OPEN, bot=about.bot_id))]
    if isinstance(notice, told.KeyInvalid):
        return [button(words.plain("button-all-keys"), Go(page=Page.KEYS))]
    if isinstance(notice, told.SystemTrouble):
        return [button(words.plain("button-admin"), Go(page=Page.ADMIN))]
    return [home_button(words)]


def _fills(about: About, fills: Sequence[told.EntryFilled]) -> Html:
    words, last = about.words, fills[-1]
    shown = [
        words(f"fill-{each.side.value}", amount=about.amount(each.amount), price=about.price(each.price))
        for each in fills[-_MOST_FILLS:]
    ]
    return lines(
        words("notice-entry_filled", count=len(fills)),
        words("fills-more", count=len(fills) - _MOST_FILLS) if len(fills) > _MOST_FILLS else None,
        *shown,
        words("fills-position", position=about.amount(abs(last.position)), average=about.price(last.average)),
    )


def _key_for(about: About, key: str) -> str:
    return key_for(about.words, key, about.bot) if about.bot is not None else key


def _worded(about: About, notice: told.Notice) -> Html:
    return _VALUES[type(notice)](about, notice)


def _take_profit_placed(about: About, n: told.TakeProfitPlaced) -> Html:
    key = "notice-take_profit_placed-moved" if n.moved else "notice-take_profit_placed"
    return about.words(key, price=about.price(n.price), amount=about.amount(n.amount), average=about.price(n.average))


def _cycle_finished(about: About, n: told.CycleFinished) -> Html:
    words = about.words
    mark = "🎉" if n.net > 0 else "🔻" if n.net < 0 else "▫️"
    return lines(
        words(
            "notice-cycle_finished",
            mark=mark,
            number=str(n.number),
            cause=words.first(f"cause-{n.cause}", "cause-other", code=n.cause),
        ),
        words(
            "cycle-net",
            net=figures.profit(n.net),
            of_position=figures.percent(n.percent_of_position),
            of_deposit=figures.percent(n.percent_of_deposit),
        ),
        words(
            "cycle-parts", gross=figures.profit(n.gross), fees=figures.money(n.fees), funding=figures.profit(n.funding)
        ),
        words("cycle-next", span=figures.span(n.cooldown_seconds)) if n.cooldown_seconds is not None else None,
    )


def _bot_paused(about: About, n: told.BotPaused) -> Html:
    words = about.words
    return lines(
        words("notice-bot_paused", cause=words.first(f"cause-{n.cause}", "cause-other", code=n.cause)),
        _detail(words, n.detail),
        words(_key_for(about, "bot-paused-keeps")),
    )


def _bot_stopped(about: About, n: told.BotStopped) -> Html:
    words = about.words
    return lines(
        words("notice-bot_stopped", cause=words.first(f"cause-{n.cause}", "cause-other", code=n.cause)),
        words(
            _key_for(about, "bot-stopped-position"),
            position=about.amount(n.position),
            base=Coins.of(n.symbol).base,
        )
        if n.position
        else words(_key_for(about, "bot-stopped-flat")),
    )


def _order_refused(about: About, n: told.OrderRefused) -> Html:
    words = about.words
    return lines(
        words(
            "notice-order_refused",
            side=words(f"side-{n.side.value}"),
            amount=about.amount(n.amount),
            price=about.price(n.price) if n.price is not None else words("at-market"),
        ),
        words.first(f"reason-{n.reason}", "reason-other", code=n.reason),
        _detail(words, n.detail),
    )


def _setup_refused(about: About, n: told.SetupRefused) -> Html:
    words = about.words
    reason = words.first(f"reason-{n.reason}", "reason-other", code=n.reason)
    return lines(words("notice-setup_refused"), reason, _detail(words, n.detail))


def _position_gone(about: About, n: told.PositionGone) -> Html:
    key = "notice-position_gone-liquidated" if n.liquidated else "notice-position_gone"
    return about.words(key, expected=about.amount(n.expected), found=about.amount(n.found), price=about.price(n.price))


def _unknown_orders(about: About, n: told.UnknownOrders) -> Html:
    words = about.words
    ids = ", ".join(n.client_ids[:_MOST_IDS]) + ("…" if len(n.client_ids) > _MOST_IDS else "")
    outcome = words.first(f"outcome-{n.outcome}", "outcome-other", code=n.outcome)
    return words("notice-unknown_orders", count=len(n.client_ids), outcome=outcome, ids=ids)


def _system_trouble(about: About, n: told.SystemTrouble) -> Html:
    words = about.words
    what = words.first(f"trouble-{n.what}", "trouble-other", code=n.what)
    return lines(words("notice-system_trouble", what=what), _detail(words, n.detail))


def _detail(words: Words, detail: str) -> Html | None:
    """A code that we word, or a technical text of the venue as it is."""
    if not detail:
        return None
    return words(f"reason-{detail}") if words.has(f"reason-{detail}") else words("venue-says", detail=detail)


_VALUES: dict[type[Any], Callable[[About, Any], Html]] = {
    told.TakeProfitPlaced: _take_profit_placed,
    told.CycleStarted: lambda about, n: about.words(
        "notice-cycle_started", number=str(n.number), price=about.price(n.price), orders=n.orders
    ),
    told.CycleFinished: _cycle_finished,
    told.BotStarted: lambda about, n: about.words("notice-bot_started"),
    told.BotPaused: _bot_paused,
    told.BotResumed: lambda about, n: about.words("notice-bot_resumed"),
    told.BotStopped: _bot_stopped,
    told.OrderRefused: _order_refused,
    told.SetupRefused: _setup_refused,
    told.DrawdownAlert: lambda about, n: about.words(
        "notice-drawdown_alert", loss=figures.money(n.loss), percent=figures.percent(n.percent_of_deposit)
    ),
    told.ExitMissing: lambda about, n: about.words(
        "notice-exit_missing", position=about.amount(n.position), seconds=n.seconds
    ),
    told.PositionGone: _position_gone,
    told.EditDeferred: lambda about, n: about.words(
        "notice-edit_deferred", fields=", ".join(field_title(about.words, name) for name in n.fields)
    ),
    told.KeyInvalid: lambda about, n: lines(
        about.words("notice-key_invalid", venue=n.venue, label=n.label), _detail(about.words, n.detail)
    ),
    told.InsufficientFunds: lambda about, n: lines(
        about.words("notice-insufficient_funds"), _detail(about.words, n.detail)
    ),
    **SPOT_VALUES,
    told.RateLimited: lambda about, n: about.words("notice-rate_limited", venue=n.venue, seconds=n.seconds),
    told.VenueAway: lambda about, n: about.words("notice-venue_away", venue=n.venue),
    told.VenueBack: lambda about, n: about.words("notice-venue_back", venue=n.venue, span=figures.span(n.seconds)),
    told.TradingStalled: lambda about, n: about.words("notice-trading_stalled", minutes=n.minutes),
    told.UnknownOrders: _unknown_orders,
    told.Restored: lambda about, n: about.words(
        "notice-restored", bots=n.bots, orders=n.orders, fills=n.fills, lost=n.lost
    ),
    told.PanicReport: lambda about, n: about.words(
        "notice-panic_report", canceled=n.canceled, closed=about.amount(n.closed)
    ),
    told.SystemTrouble: _system_trouble,
    told.AccessDecided: lambda about, n: about.words(
        "notice-access_decided-yes" if n.approved else "notice-access_decided-no"
    ),
    told.AccessSuspended: lambda about, n: about.words("notice-access_suspended", bots=n.bots),
    told.AccessRestored: lambda about, n: about.words("notice-access_restored", bots=n.bots),
    told.MaintenanceBegan: lambda about, n: about.words("notice-maintenance_began", bots=n.bots),
    told.MaintenanceEnded: lambda about, n: about.words("notice-maintenance_ended", bots=n.bots),
}
