"""Nobody sees or changes what is another's. Ann is 1 and owns ``bot``; Bob is 2."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from tests.kinds import BOOK
from tests.storage.made import NOW, SYMBOL, cycle, fill, order, payment
from trading.core.notices import BotStarted
from trading.core.telling import Level
from trading.storage import (
    RowMissing,
    bots,
    broadcasts,
    cycles,
    drafts,
    fills,
    hushing,
    invites,
    keys,
    market_cache,
    memberships,
    meta,
    notices,
    orders,
    paper,
    preferences,
    samples,
    tokens,
    users,
)
from trading.storage.records import BotRecord, KeyRecord, PreferencesRecord, SampleRecord

ANN, BOB = 1, 2
SINCE = NOW.replace(year=2000)


@pytest.fixture
def key(connection: Connection, bot: BotRecord) -> KeyRecord:
    orders.put_orders(connection, [order()], ANN)
    fills.add_fills(connection, bot.id, ANN, [fill()])
    cycles.add_cycles(connection, bot.id, ANN, SYMBOL, [cycle()])
    samples.add_samples(connection, [SampleRecord(bot.id, ANN, "book", NOW, {})])
    notices.put_notices(connection, ANN, bot.id, [BotStarted(symbol=SYMBOL)], NOW)
    preferences.put_preferences(connection, PreferencesRecord(ANN, "Asia/Tokyo", reported_on="2026-01-01"))
    preferences.set_level(connection, ANN, "fills", Level.OFF)
    return keys.add_key(
        connection,
        user_id=ANN,
        venue="bitget",
        label="main",
        tail="7890",
        can_withdraw=False,
        created_at=NOW,
        seal=str,
    )


SEEN: dict[str, Callable[[Connection, int, int, int], object]] = {
    "keys.find_key": lambda c, key, bot, user: keys.find_key(c, key, user),
    "keys.keys_of": lambda c, key, bot, user: keys.keys_of(c, user),
    "bots.find_bot": lambda c, key, bot, user: bots.find_bot(c, bot, user),
    "bots.bots_of": lambda c, key, bot, user: [found for found in bots.bots_of(c, user) if found.id == bot],
    "orders.orders_page": lambda c, key, bot, user: orders.orders_page(c, bot, user, 10),
    "orders.count_orders": lambda c, key, bot, user: orders.count_orders(c, user),
    "orders.count_live": lambda c, key, bot, user: orders.count_live(c, user),
    "fills.fills_of": lambda c, key, bot, user: fills.fills_of(c, bot, user_id=user),
    "cycles.cycles_of": lambda c, key, bot, user: cycles.cycles_of(c, bot, user),
    "cycles.profit_since": lambda c, key, bot, user: cycles.profit_since(c, user, SINCE),
    "samples.samples_of": lambda c, key, bot, user: samples.samples_of(c, bot, "book", user_id=user),
    "notices.notices_of": lambda c, key, bot, user: notices.notices_of(c, user, range(100), BOOK),
    "preferences.levels_of": lambda c, key, bot, user: preferences.levels_of(c, user),
    "preferences.preferences_of": lambda c, key, bot, user: (
        preferences.preferences_of(c, user) != PreferencesRecord(user)
    ),
    "users.find_user": lambda c, key, bot, user: user == ANN and users.find_user(c, user),
}


@pytest.mark.parametrize("name", SEEN)
def test_one_sees_what_is_ones_own_only(connection: Connection, key: KeyRecord, bot: BotRecord, name: str) -> None:
    assert SEEN[name](connection, key.id, bot.id, ANN)
    assert not SEEN[name](connection, key.id, bot.id, BOB)


CHANGED: dict[str, Callable[[Connection, int, BotRecord], object]] = {
    "keys.rename_key": lambda c, key, bot: keys.rename_key(c, key, BOB, "stolen"),
    "keys.replace_credentials": lambda c, key, bot: keys.replace_credentials(
        c, key, BOB, sealed="stolen", tail="olen", label="stolen", can_withdraw=True, abilities={}
    ),
    "keys.delete_key": lambda c, key, bot: keys.delete_key(c, key, BOB),
    "bots.delete_bot": lambda c, key, bot: bots.delete_bot(c, bot.id, BOB),
    "bots.update_bot": lambda c, key, bot: bots.update_bot(c, replace(bot, user_id=BOB, name="stolen")),
    "orders.put_orders": lambda c, key, bot: orders.put_orders(c, [order(9)], BOB),
    "orders.put_orders, known": lambda c, key, bot: orders.put_orders(c, [replace(order(), slot="stolen")], BOB),
    "orders.put_orders, other bot": lambda c, key, bot: orders.put_orders(
        c, [replace(order(), bot_id=bot.id + 1)], BOB
    ),
    "fills.add_fills": lambda c, key, bot: fills.add_fills(c, bot.id, BOB, [fill(9)]),
    "fills.add_funding": lambda c, key, bot: fills.add_funding(c, bot.id, BOB, [payment()]),
    "cycles.add_cycles": lambda c, key, bot: cycles.add_cycles(c, bot.id, BOB, SYMBOL, [cycle(9)]),
    "samples.add_samples": lambda c, key, bot: samples.add_samples(c, [SampleRecord(bot.id, BOB, "book", NOW, {})]),
}


def everything(connection: Connection, key: KeyRecord, bot: BotRecord) -> list[object]:
    return [
        keys.find_key(connection, key.id),
        bots.find_bot(connection, bot.id),
        orders.live_orders(connection, bot.id),
        orders.live_orders(connection, bot.id + 1),
        fills.fills_of(connection, bot.id),
        fills.funding_of(connection, bot.id),
        cycles.cycles_of(connection, bot.id),
        samples.samples_of(connection, bot.id, "book"),
    ]


@pytest.mark.parametrize("name", CHANGED)
def test_nobody_changes_what_is_anothers(connection: Connection, key: KeyRecord, bot: BotRecord, name: str) -> None:
    before = everything(connection, key, bot)
    with connection.begin_nested() as attempt:
        try:
            assert CHANGED[name](connection, key.id, bot) is False
        except (IntegrityError, RowMissing):
            attempt.rollback()
    assert everything(connection, key, bot) == before


def test_a_token_of_another_is_not_used_up(connection: Connection) -> None:
    assert tokens.take_token(connection, "t", BOB, NOW)
    assert tokens.take_token(connection, "t", ANN, NOW)


OWN_ROW_ONLY = {
    "broadcasts.set_delivery",
    "memberships._set",
    "memberships.forget_paper",
    "memberships.forget_user",
    "memberships.membership_of",
    "memberships.note_deaf",
    "memberships.note_heard",
    "memberships.set_max_bots",
    "memberships.set_max_deposit",
    # They make a row of that person's, or change that person's row by its own id.
    "paper.load_prices",
    "paper.save_prices",
    "hushing.gather",
    "hushing.hush",
    "bots.add_bot",
    "keys.add_key",
    "notices.put_notices",
    "preferences.put_preferences",
    "preferences.set_level",
    "tokens.take_token",
    "users.add_user",
    "users.rename_user",
    "users.set_dark_pictures",
    "users.set_language",
    "users.set_user_role",
    "users.set_user_status",
}


def test_no_function_that_names_a_person_is_forgotten_here() -> None:
    rooms = (
        *(bots, broadcasts, cycles, drafts, fills, hushing, invites, keys, market_cache, memberships, meta, notices),
        *(orders, paper, preferences, samples, tokens, users),
    )
    naming = {
        f"{room.__name__.rpartition('.')[2]}.{name}"
        for room in rooms
        for name, function in inspect.getmembers(room, inspect.isfunction)
        if function.__module__ == room.__name__ and "user_id" in inspect.signature(function).parameters
    }
    assert naming - OWN_ROW_ONLY <= {name.partition(",")[0] for name in (*SEEN, *CHANGED)}


def test_somebody_who_never_spoke_can_be_told(connection: Connection) -> None:
    """An admin who never spoke is not in the table of people, and is told all the same."""
    assert notices.put_notices(connection, 12345, None, [BotStarted(symbol=SYMBOL)], NOW)
