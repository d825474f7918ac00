"""A message to everybody: asked for, looked at, on its way, and what became of it."""

from __future__ import annotations

from aiogram.types import InlineKeyboardButton

from tgbot import figures
from tgbot.callbacks import (
    BroadcastsPage,
    CancelBroadcast,
    Go,
    OpenBroadcast,
    Page,
    ResendBroadcast,
    SendBroadcast,
    ShowBroadcast,
)
from tgbot.cards.card import Card, Row, blocks, button, lines
from tgbot.cards.clocks import times_line
from tgbot.cards.progress import bar
from tgbot.cards.system import admin_button
from tgbot.times import local_text
from tgbot.words import Html, Words
from trading.desk.member_answers import Broadcast, BroadcastList

ON_A_PAGE = 6
_REASONS = {
    "not_active": "delivery-not-active",
    "message_gone": "delivery-message-gone",
}


def ask_broadcast_card(words: Words, people: int, problem: Html | None = None) -> Card:
    return Card(blocks(problem, words("broadcast-ask", people=people)), _ways_out(words))


def nobody_card(words: Words) -> Card:
    """There is nobody to speak to; what went out before can be looked at all the same."""
    return Card(words("error-nobody_to_tell"), _ways_out(words))


def confirm_broadcast_card(words: Words, message: int, parts: int, people: int, token: str) -> Card:
    """Stands below what people will get: one message, or an album of so many ``parts``."""
    yes = button(words.plain("button-send-to", people=people), SendBroadcast(message=message, token=token))
    other = button(words.plain("button-other-message"), Go(page=Page.BROADCAST))
    album = words("broadcast-confirm-album", parts=parts) if parts > 1 else None
    return Card(lines(album, words("broadcast-confirm", people=people)), [[yes], [other, admin_button(words)]])


def broadcast_card(words: Words, cast: Broadcast, token: str) -> Card:
    """While it runs, its progress with Cancel; afterwards the result, with the way to try again where it failed."""
    if cast.status == "running":
        cancel = button(words.plain("button-cancel"), CancelBroadcast(broadcast=cast.id))
        return Card(blocks(words("broadcast-running"), _bar(cast), _result(words, cast)), [[cancel]])
    title = words("broadcast-canceled" if cast.status == "canceled" else "broadcast-done")
    text = blocks(title, _result(words, cast), _why(words, cast))
    return Card(text, [_again(words, cast, token), *_ways_out(words)])


def broadcasts_card(words: Words, found: BroadcastList, page: int) -> Card:
    """What went out before, the newest first."""
    pages = max(1, -(-found.in_all // ON_A_PAGE))
    turning = [
        *([button("‹", BroadcastsPage(number=min(page, pages) - 1))] if page else []),
        *([button("›", BroadcastsPage(number=page + 1))] if page < pages - 1 else []),
    ]
    text = blocks(
        lines(
            words("broadcasts-title", count=str(found.in_all)),
            words("people-page", page=str(page + 1), pages=str(pages)) if pages > 1 else None,
        ),
        *(_entry(words, cast) for cast in found.shown),
        times_line(words, found.shown[0].begun_at) if found.shown else words("broadcasts-none"),
    )
    rows: list[Row] = [[_open(words, cast)] for cast in found.shown]
    new = button(words.plain("button-broadcast"), Go(page=Page.BROADCAST))
    return Card(text, [*rows, turning, [new, admin_button(words)]])


def past_broadcast_card(words: Words, cast: Broadcast, token: str) -> Card:
    """One of the list: when, by whom, how it begins, and what became of it."""
    now = broadcast_card(words, cast, token)
    text = blocks(
        words(
            "broadcast-one",
            number=str(cast.id),
            at=figures.moment(cast.begun_at, words.zone),
            author=cast.author or str(cast.admin_id),
        ),
        _said(words, cast),
        now.text,
    )
    acts = [row for row in now.rows if row][:1] if cast.status == "running" else [_again(words, cast, token)]
    look = [
        button(words.plain("button-show-broadcast"), ShowBroadcast(broadcast=cast.id)),
        button(words.plain("button-refresh"), OpenBroadcast(broadcast=cast.id)),
    ]
    back = button(words.plain("button-back"), BroadcastsPage(number=0))
    return Card(text, [*acts, look, [back, admin_button(words)]])


def _entry(words: Words, cast: Broadcast) -> Html:
    """Three lines of the list."""
    marks = (("✅", cast.delivered), ("🔕", cast.blocked), ("❌", cast.failed), ("❔", cast.uncertain))
    counts = " · ".join(f"{mark} {count}" for mark, count in marks if count or mark == "✅")
    under_way = words("broadcast-list-running", done=str(cast.done), total=str(cast.total))
    return lines(
        words(
            "broadcast-line",
            number=str(cast.id),
            at=local_text(cast.begun_at, words.zone),
            author=cast.author or str(cast.admin_id),
        ),
        _said(words, cast),
        under_way if cast.status == "running" else words("plain", text=counts),
    )


def _said(words: Words, cast: Broadcast) -> Html | None:
    forwarded = "↪ " if cast.said.forwards else ""
    return words("broadcast-said", text=f"{forwarded}{cast.said.excerpt}") if cast.said.excerpt else None


def _open(words: Words, cast: Broadcast) -> InlineKeyboardButton:
    label = f"#{cast.id} {cast.said.excerpt}".strip()
    return button(label, OpenBroadcast(broadcast=cast.id))


def _again(words: Words, cast: Broadcast, token: str) -> Row:
    if not cast.failed:
        return []
    again = ResendBroadcast(broadcast=cast.id, token=token)
    return [button(words.plain("button-resend", people=cast.failed), again)]


def _ways_out(words: Words) -> list[Row]:
    return [[button(words.plain("button-broadcasts"), BroadcastsPage(number=0)), admin_button(words)]]


def _bar(cast: Broadcast) -> Html:
    return Html(f"<code>{bar(cast.done / max(1, cast.total))}</code> {cast.done}/{cast.total}")


def _result(words: Words, cast: Broadcast) -> Html:
    not_sent = cast.canceled + (cast.waiting if cast.status != "running" else 0)
    return lines(
        words("broadcast-delivered", count=str(cast.delivered)),
        words("broadcast-blocked", count=str(cast.blocked)) if cast.blocked else None,
        words("broadcast-failed", count=str(cast.failed)) if cast.failed else None,
        words("broadcast-uncertain", count=str(cast.uncertain)) if cast.uncertain else None,
        words("broadcast-not-sent", count=str(not_sent)) if not_sent else None,
    )


def _why(words: Words, cast: Broadcast) -> Html | None:
    reasons = [
        words("broadcast-reason", count=str(count), reason=_reason(words, reason))
        for reason, count in cast.reasons.items()
    ]
    return lines(words("broadcast-why"), *reasons) if reasons else None


def _reason(words: Words, reason: str) -> Html:
    return words(_REASONS[reason]) if reason in _REASONS else words("plain", text=reason)
