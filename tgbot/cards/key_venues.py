"""The choice of an exchange for a key: the proven ones, a search among all others, the kind of market."""

from __future__ import annotations

from collections.abc import Sequence

from aiogram.types import InlineKeyboardButton

from tgbot.callbacks import KeyFormAct, OnKeyForm
from tgbot.cards.card import Card, Row, blocks, button, in_rows
from tgbot.cards.keys import cancel_button
from tgbot.words import Words
from trading.desk.answers import VenueInfo


def venues_card(words: Words, form: str, venues: Sequence[VenueInfo]) -> Card:
    """The warning comes first, then the choice of the venue."""
    buttons = [
        button(venue_name(words, venue), OnKeyForm(act=KeyFormAct.VENUE, form=form, option=place))
        for place, venue in enumerate(venues)
    ]
    other = button(words.plain("button-other-venue"), OnKeyForm(act=KeyFormAct.OTHER, form=form))
    rows = [*in_rows(buttons, 2), [other], [cancel_button(words, form)]]
    return Card(blocks(words("key-warning"), words("key-venue")), rows)


def search_card(words: Words, form: str) -> Card:
    return Card(words("key-venue-search"), [_way_out(words, form)])


def found_card(words: Words, form: str, sought: str, found: Sequence[VenueInfo]) -> Card:
    """What a part of a name found. Typing again searches again."""
    rows: list[Row] = [
        [button(venue_name(words, venue), OnKeyForm(act=KeyFormAct.FOUND, form=form, option=place))]
        for place, venue in enumerate(found)
    ]
    text = words("key-venue-found" if found else "key-venue-none", text=sought)
    return Card(text, [*rows, _way_out(words, form)])


def kind_card(words: Words, form: str, venue: VenueInfo) -> Card:
    kinds = [
        button(words.plain(f"kind-{kind}"), OnKeyForm(act=KeyFormAct.KIND, form=form, option=place))
        for place, kind in enumerate(venue.kinds)
    ]
    text = blocks(words("key-unproven", venue=venue.title), words("key-kind", venue=venue.title))
    return Card(text, [kinds, _way_out(words, form)])


def venue_name(words: Words, venue: VenueInfo) -> str:
    """An unproven one says so, and for which markets it is offered."""
    if venue.is_proven:
        return venue.title
    kinds = " + ".join(words.plain(f"kind-{kind}") for kind in venue.kinds)
    return words.plain("venue-unproven", venue=venue.title, kinds=kinds)


def _way_out(words: Words, form: str) -> list[InlineKeyboardButton]:
    back = button(words.plain("button-back"), OnKeyForm(act=KeyFormAct.LIST, form=form))
    return [back, cancel_button(words, form)]
