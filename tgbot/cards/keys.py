"""Exchange keys: the list, one key, and the form that adds or changes one. Never more than a key's last characters."""

from __future__ import annotations

from collections.abc import Sequence

from aiogram.types import InlineKeyboardButton

from tgbot import figures
from tgbot.callbacks import DeleteKey, Go, KeyAct, KeyFormAct, OnKey, OnKeyForm, Page
from tgbot.cards.accounts import key_name
from tgbot.cards.card import Card, Row, blocks, button, lines
from tgbot.cards.home import home_button
from tgbot.words import Html, Words
from trading.desk.answers import KeyCard, KeyCheck, VenueInfo


def keys_card(words: Words, keys: Sequence[KeyCard]) -> Card:
    rows: list[Row] = [
        [
            button(
                words.plain("key-line", label=key.label, tail=key.tail, mark=_mark(key)),
                OnKey(act=KeyAct.OPEN, key=key.id),
            )
        ]
        for key in keys
    ]
    add = button(words.plain("button-add-key"), OnKeyForm(act=KeyFormAct.BEGIN))
    text = blocks(words("keys-title"), None if keys else words("keys-none"), words("keys-paper"))
    paper = button(words.plain("button-paper"), Go(page=Page.PAPER))
    return Card(text, [*rows, [add], [paper, home_button(words)]])


def key_card(words: Words, key: KeyCard, check: KeyCheck | None = None, *, news: Html | None = None) -> Card:
    """``news`` is what has just been done with it."""
    text = blocks(
        news,
        lines(
            words("key-title", name=key_name(key.venue_title, key.label), tail=key.tail),
            words.first(f"key-status-{key.status}", "key-status-other", status=key.status),
            words("key-bots", count=key.active_bots),
        ),
        *unproven_parts(words, key),
        words("check-withdraw-unknown") if key.can_withdraw is None else None,
        words("key-may-withdraw") if key.can_withdraw else None,
        check_text(words, check) if check else None,
    )
    test = button(words.plain("button-test"), OnKey(act=KeyAct.TEST, key=key.id))
    rename = button(words.plain("button-rename"), OnKey(act=KeyAct.RENAME, key=key.id))
    replace = button(words.plain("button-replace-key"), OnKey(act=KeyAct.REPLACE, key=key.id))
    delete = button(words.plain("button-delete"), OnKey(act=KeyAct.DELETE, key=key.id))
    back = button(words.plain("button-back"), Go(page=Page.KEYS))
    return Card(text, [[test, rename], [replace], [delete], [back, home_button(words)]])


def check_text(words: Words, check: KeyCheck) -> Html:
    if check.ok:
        right = {True: "check-withdraw-yes", False: "check-withdraw-no", None: "check-withdraw-unknown"}
        return lines(words("check-ok", equity=figures.money(check.equity)), words(right[check.can_withdraw]))
    if words.has(f"unfit-{check.problem}"):
        return words("check-unfit", reason=words.plain(f"unfit-{check.problem}"))
    problem = words.first(f"check-{check.problem}", "check-other")
    return lines(problem, words("venue-says", detail=check.detail) if check.detail else None)


def unproven_parts(words: Words, key: KeyCard) -> list[Html]:
    """What a person must know of an unproven exchange: that it is one, what it can do, and what it cannot."""
    if key.is_proven:
        return []
    kinds = " + ".join(words.plain(f"kind-{kind}") for kind in sorted(key.market_kinds))
    told = {is_able: _abilities(words, key, is_able=is_able) for is_able in (True, False)}
    return [
        words("key-unproven", venue=key.venue_title),
        lines(
            words("key-kind-chosen", kinds=kinds),
            words("key-can", abilities=told[True]) if told[True] else None,
            words("key-cannot", abilities=told[False]) if told[False] else None,
        ),
    ]


def _abilities(words: Words, key: KeyCard, *, is_able: bool) -> Html:
    """Words of ours, so they come as HTML: a text from elsewhere is cut off where it is long."""
    return Html(", ".join(words(f"ability-{name}") for name, found in key.abilities.items() if found is is_able))


def unfit_text(words: Words, venue: str, reason: str) -> Html:
    """Why no bot could trade on an exchange."""
    key = f"unfit-{reason}"
    return words("key-unfit", venue=venue, reason=words.plain(key) if words.has(key) else reason)


def delete_key_card(words: Words, key: KeyCard, token: str) -> Card:
    text = blocks(
        words("delete-key-sure", name=key_name(key.venue_title, key.label), tail=key.tail),
        words("delete-key-bots", count=key.active_bots) if key.active_bots else None,
    )
    yes = button(words.plain("button-delete-yes"), DeleteKey(key=key.id, token=token))
    return Card(text, [[yes], [button(words.plain("button-back"), OnKey(act=KeyAct.OPEN, key=key.id))]])


def credential_card(
    words: Words, form: str, venue: VenueInfo, credential: str, place: int, problem: Html | None = None
) -> Card:
    text = blocks(
        problem,
        words("key-unproven", venue=venue.title) if place == 0 and not venue.is_proven else None,
        words(
            "key-ask",
            venue=venue.title,
            credential=credential_name(words, credential),
            place=str(place + 1),
            all=str(len(venue.credentials)),
        ),
        words("key-deletes"),
    )
    return Card(text, [[cancel_button(words, form)]])


def label_card(words: Words, form: str, venue: str, problem: Html | None = None) -> Card:
    """``venue`` is its title, which is a name too."""
    save = button(words.plain("button-save-as", label=venue), OnKeyForm(act=KeyFormAct.SAVE, form=form))
    return Card(blocks(problem, words("key-label", venue=venue)), [[save], [cancel_button(words, form)]])


def replacing_card(words: Words, key: KeyCard, question: Card) -> Card:
    """What has to be known before the first new credential is sent, above the question for it."""
    text = blocks(
        words("replace-key-title", name=key_name(key.venue_title, key.label), tail=key.tail),
        words("replace-key-account", venue=key.venue_title),
        words("key-warning"),
        question.text,
    )
    return Card(text, question.rows)


def retry_card(words: Words, form: str, problem: Html) -> Card:
    """Everything was typed, and only the exchange has to answer."""
    again = button(words.plain("button-again"), OnKeyForm(act=KeyFormAct.SAVE, form=form))
    return Card(problem, [[again], [cancel_button(words, form)]])


def key_replaced_card(words: Words, key: KeyCard, paused: int) -> Card:
    """``paused``: bots that do nothing new since the old credentials were refused."""
    news = lines(
        words("key-replaced"),
        words("key-replaced-bots", count=key.active_bots) if key.active_bots else None,
        words("key-replaced-paused", count=paused) if paused else None,
    )
    card = key_card(words, key, news=news)
    resume = [[button(words.plain("button-resume"), Go(page=Page.RESUME))]] if paused else []
    return Card(card.text, [*resume, *card.rows])


def key_kept_card(words: Words, key: KeyCard, why: Html) -> Card:
    """The new credentials were not taken."""
    again = button(words.plain("button-again"), OnKey(act=KeyAct.REPLACE, key=key.id))
    back = button(words.plain("button-back"), OnKey(act=KeyAct.OPEN, key=key.id))
    return Card(blocks(why, words("key-kept", tail=key.tail)), [[again], [back, home_button(words)]])


def withdrawal_card(words: Words, form: str, venue: VenueInfo, *, second: bool) -> Card:
    """A key that may withdraw is refused unless the person insists twice."""
    key, act = ("key-withdraw-second", KeyFormAct.INSIST_AGAIN) if second else ("key-withdraw-first", KeyFormAct.INSIST)
    insist = button(words.plain("button-insist-second" if second else "button-insist"), OnKeyForm(act=act, form=form))
    return Card(words(key, venue=venue.title), [[cancel_button(words, form)], [insist]])


def key_added_card(words: Words, key: KeyCard) -> Card:
    text = blocks(
        words("key-added", name=key_name(key.venue_title, key.label), tail=key.tail),
        *unproven_parts(words, key),
        words("key-may-withdraw") if key.can_withdraw else None,
    )
    new = button(words.plain("button-new"), Go(page=Page.NEW))
    open_key = button(words.plain("button-test"), OnKey(act=KeyAct.TEST, key=key.id))
    return Card(
        text, [[new, open_key], [button(words.plain("button-all-keys"), Go(page=Page.KEYS)), home_button(words)]]
    )


def key_failed_card(words: Words, why: Html) -> Card:
    again = button(words.plain("button-again"), OnKeyForm(act=KeyFormAct.BEGIN))
    return Card(why, [[again], [button(words.plain("button-all-keys"), Go(page=Page.KEYS)), home_button(words)]])


def credential_name(words: Words, credential: str) -> str:
    key = f"credential-{credential}"
    return words.plain(key) if words.has(key) else credential


def _mark(key: KeyCard) -> str:
    if key.status not in ("ok", "active", "valid"):
        return "⚠️"
    return "🔑" if key.is_proven else "🧪"


def cancel_button(words: Words, form: str) -> InlineKeyboardButton:
    return button(words.plain("button-cancel"), OnKeyForm(act=KeyFormAct.CANCEL, form=form))
