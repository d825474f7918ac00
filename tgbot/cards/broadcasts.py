"""A message to everybody: asked for, looked at, on its way, and what became of it."""

from __future__ import annotations

from tgbot.callbacks import CancelBroadcast, Go, Page, ResendBroadcast, SendBroadcast
from tgbot.cards.card import Card, Row, blocks, button, lines
from tgbot.cards.progress import bar
from tgbot.cards.system import admin_button
from tgbot.words import Html, Words
from trading.desk.member_answers import Broadcast

_REASONS = {
    "not_active": "delivery-not-active",
    "message_gone": "delivery-message-gone",
}


def ask_broadcast_card(words: Words, people: int, problem: Html | None = None) -> Card:
    return Card(blocks(problem, words("broadcast-ask", people=people)), [[admin_button(words)]])


def confirm_broadcast_card(words: Words, message: int, people: int, token: str) -> Card:
    """Stands below the copy that people will get."""
    yes = button(words.plain("button-send-to", people=people), SendBroadcast(message=message, token=token))
    other = button(words.plain("button-other-message"), Go(page=Page.BROADCAST))
    return Card(words("broadcast-confirm", people=people), [[yes], [other, admin_button(words)]])


def broadcast_card(words: Words, cast: Broadcast, token: str) -> Card:
    """While it runs, its progress with Cancel; afterwards the result, with the way to try again where it failed."""
    if cast.status == "running":
        cancel = button(words.plain("button-cancel"), CancelBroadcast(broadcast=cast.id))
        return Card(blocks(words("broadcast-running"), _bar(cast), _result(words, cast)), [[cancel]])
    title = words("broadcast-canceled" if cast.status == "canceled" else "broadcast-done")
    rows: list[Row] = [[admin_button(words)]]
    if cast.failed:
        again = ResendBroadcast(broadcast=cast.id, token=token)
        rows.insert(0, [button(words.plain("button-resend", people=cast.failed), again)])
    return Card(blocks(title, _result(words, cast), _why(words, cast)), rows)


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
