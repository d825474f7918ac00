"""What each function of the room does."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from tests.kinds import BOOK
from tests.storage.made import NOW, SECOND, SYMBOL, bot_record, cycle, fill, final, order, payment, user_record
from trading.core.notices import BotStarted
from trading.core.orders import OrderStatus
from trading.storage import (
    RowMissing,
    bots,
    cycles,
    drafts,
    fills,
    keys,
    market_cache,
    meta,
    notices,
    orders,
    paper,
    samples,
    tokens,
    users,
)
from trading.storage.records import Backoff, BotRecord, KeyRecord, SampleRecord

LATER = NOW + timedelta(days=1)


def a_key(connection: Connection, user_id: int = 1) -> KeyRecord:
    return keys.add_key(
        connection,
        user_id=user_id,
        venue="bitget",
        label="main",
        tail="7890",
        can_withdraw=None,
        created_at=NOW,
        seal=lambda key_id: f"sealed for {key_id}",
    )


def test_people(connection: Connection) -> None:
    users.add_user(connection, user_record(5_000_000_000))
    users.set_user_status(connection, 5_000_000_000, "suspended")
    users.set_language(connection, 5_000_000_000, "ru")
    users.set_user_role(connection, 5_000_000_000, "admin")
    users.rename_user(connection, 5_000_000_000, "Анна", None)
    changed = replace(
        user_record(5_000_000_000), status="suspended", language="ru", role="admin", name="Анна", username=None
    )
    assert users.find_user(connection, 5_000_000_000) == changed
    assert users.list_users(connection) == users.list_users(connection, "suspended") == [changed]
    assert users.list_users(connection, "active") == []
    assert users.find_user(connection, 1) is None


def test_a_key_is_sealed_with_its_own_id(connection: Connection, bot: BotRecord) -> None:
    first, second = a_key(connection), a_key(connection)
    assert first.sealed == f"sealed for {first.id}"
    assert keys.keys_of(connection, 1) == keys.all_keys(connection) == [first, second]
    keys.set_key_status(connection, first.id, "invalid")
    keys.set_key_status(connection, second.id, "ok", can_withdraw=True)
    keys.replace_sealed(connection, second.id, "anew")
    assert keys.find_key(connection, first.id) == replace(first, status="invalid")
    assert keys.find_key(connection, second.id, 1) == replace(second, can_withdraw=True, sealed="anew")
    assert "sealed" not in repr(first)


def test_a_key_that_cannot_be_sealed_is_not_stored(connection: Connection, bot: BotRecord) -> None:
    with pytest.raises(ZeroDivisionError), connection.begin_nested():
        keys.add_key(
            connection,
            user_id=1,
            venue="bitget",
            label="main",
            tail="7890",
            can_withdraw=None,
            created_at=NOW,
            seal=lambda key_id: str(key_id / 0),
        )
    assert keys.all_keys(connection) == []


def test_a_key_takes_another_name_and_other_credentials(connection: Connection, bot: BotRecord) -> None:
    key, other = a_key(connection), a_key(connection)
    on_it, elsewhere = (bots.add_bot(connection, bot_record(1, key_id=each.id)) for each in (key, other))
    for each in on_it, elsewhere:
        for slot, reason in ("c1.tp", "bad_credentials"), ("c1.L1", "insufficient_funds"):
            bots.put_backoff(connection, Backoff(each.id, slot, LATER, 3, reason))
    keys.set_key_status(connection, key.id, "invalid", can_withdraw=True)
    assert keys.rename_key(connection, key.id, 1, "second")
    told = {"sealed": "new", "tail": "1111", "label": "second", "can_withdraw": None, "abilities": {"batch": True}}
    assert keys.replace_credentials(connection, key.id, 1, **told)  # type: ignore[arg-type]
    assert keys.find_key(connection, key.id) == replace(key, status="ok", **told)  # type: ignore[arg-type]
    assert keys.find_key(connection, other.id) == other
    # What waited because the old ones were refused waits no more.
    assert [each.slot for each in bots.load_backoffs(connection, on_it.id)] == ["c1.L1"]
    assert len(bots.load_backoffs(connection, elsewhere.id)) == 2


def test_a_key_in_use_stays(connection: Connection, bot: BotRecord) -> None:
    key = a_key(connection)
    user = bots.add_bot(connection, bot_record(1, key_id=key.id))
    assert not keys.delete_key(connection, key.id, 1)
    bots.update_bot(connection, replace(user, active=False))
    assert keys.delete_key(connection, key.id, 1)
    stopped = bots.find_bot(connection, user.id)
    assert stopped is not None
    assert stopped.key_id == key.id, "it must not turn into a paper bot"


def test_ids_of_keys_and_bots_are_never_used_again(connection: Connection, bot: BotRecord) -> None:
    key, last = a_key(connection), bots.add_bot(connection, bot_record(1))
    assert keys.delete_key(connection, key.id, 1)
    assert bots.delete_bot(connection, last.id, 1)
    assert a_key(connection).id > key.id
    assert bots.add_bot(connection, bot_record(1)).id > last.id


def test_bots(connection: Connection, bot: BotRecord) -> None:
    idle = bots.add_bot(connection, bot_record(1, active=False))
    assert bots.bots_of(connection, 1) == [bot, idle]
    assert [record.id for record in bots.active_bots(connection)] == [bot.id, bot.id + 1]
    assert [record.id for record in bots.all_bots(connection)] == [bot.id, bot.id + 1, idle.id]
    with pytest.raises(RowMissing):
        bots.update_bot(connection, replace(bot, id=77))


def test_deleting_a_bot_deletes_what_is_its_own_but_not_what_is_to_be_told(
    connection: Connection, bot: BotRecord
) -> None:
    orders.put_orders(connection, [order()], 1)
    fills.add_fills(connection, bot.id, 1, [fill()])
    fills.add_funding(connection, bot.id, 1, [payment()])
    cycles.add_cycles(connection, bot.id, 1, SYMBOL, [cycle()])
    samples.add_samples(connection, [SampleRecord(bot.id, 1, "book", NOW, {})])
    bots.put_backoff(connection, Backoff(bot.id, "c1.tp", NOW, 1, "refused"))
    notices.put_notices(connection, 1, bot.id, [BotStarted(symbol=SYMBOL)], NOW)
    assert bots.delete_bot(connection, bot.id, 1)
    assert orders.find_order(connection, order().client_id) is None
    assert fills.fills_of(connection, bot.id) == []
    assert fills.funding_of(connection, bot.id) == []
    assert cycles.cycles_of(connection, bot.id) == []
    assert samples.samples_of(connection, bot.id, "book") == []
    assert bots.load_backoffs(connection, bot.id) == []
    (told,) = notices.undelivered(connection, 10, NOW, BOOK)
    assert told.bot_id is None


def test_backoffs(connection: Connection, bot: BotRecord) -> None:
    first, again = (Backoff(bot.id, "c1.tp", NOW + tries * SECOND, tries, "refused") for tries in (1, 2))
    bots.put_backoff(connection, first)
    bots.put_backoff(connection, again)
    assert bots.load_backoffs(connection, bot.id) == [again]
    bots.clear_backoff(connection, bot.id, "c1.tp")
    assert bots.load_backoffs(connection, bot.id) == []


def test_an_order_is_brought_up_to_date(connection: Connection, bot: BotRecord) -> None:
    opened = replace(order(), status=OrderStatus.OPEN, venue_id="v1", updated_at=LATER)
    orders.put_orders(connection, [], 1)
    orders.put_orders(connection, [order(), order(2)], 1)
    orders.put_orders(connection, [opened, order(3)], 1)
    assert orders.live_orders(connection, bot.id) == [opened, order(2), order(3)]
    assert orders.orders_page(connection, bot.id, 1, limit=2) == [order(3), order(2)]
    assert orders.orders_page(connection, bot.id, 1, limit=2, offset=2) == [opened]


def test_an_order_whose_fills_are_missing_holds_its_slot(connection: Connection, bot: BotRecord) -> None:
    missing = final(1, reported_filled=Decimal("9.5"), filled=Decimal("10.5") - 2)
    settled = final(2, reported_filled=Decimal("9.5"), filled=Decimal("10.5"))
    unproven = replace(order(3), status=OrderStatus.FILLED)
    orders.put_orders(connection, [missing, settled, unproven], 1)
    assert orders.live_orders(connection, bot.id) == [missing, unproven]
    assert orders.finals_in_scope(connection, bot.id, "") == [settled]


def test_finals_are_those_of_the_scope_oldest_first(connection: Connection, bot: BotRecord) -> None:
    slots = ("c1.tp", "c10.tp", "C1.tp", "c1.level2", "c1_", "c1", "c%.x")
    stored = [final(number, slot=slot) for number, slot in enumerate(slots, 1)]
    orders.put_orders(connection, [*reversed(stored), order(9, slot="c1.live")], 1)
    assert [found.slot for found in orders.finals_in_scope(connection, bot.id, "c1.")] == ["c1.tp", "c1.level2"]
    assert [found.slot for found in orders.finals_in_scope(connection, bot.id, "c%")] == ["c%.x"]
    assert orders.finals_in_scope(connection, bot.id, "") == stored


def test_of_a_slot_carried_over_the_final_made_last_is_found(connection: Connection, bot: BotRecord) -> None:
    slots = ("g1.bid1", "g1.ask1", "g1.bid1", "g1.bid2", "g2.bid1")
    stored = [final(number, slot=slot) for number, slot in enumerate(slots, 1)]
    orders.put_orders(connection, [*reversed(stored), order(9, slot="g1.bid2")], 1)
    assert orders.last_finals(connection, bot.id, ["g1.bid1", "g1.bid2", "g1.bid3"]) == [stored[2], stored[3]]
    assert orders.last_finals(connection, bot.id, []) == []


def test_old_orders_go_but_never_those_a_strategy_still_looks_at(connection: Connection, bot: BotRecord) -> None:
    old, current, live = final(1, slot="c1.tp"), final(2, slot="c2.level1"), order(3, slot="c1.level3")
    recent = final(4, slot="c1.level4", updated_at=LATER)
    of_other = final(1, bot.id + 1, slot="c1.tp")
    orders.put_orders(connection, [old, current, live, recent], 1)
    orders.put_orders(connection, [of_other], 2)
    assert orders.delete_final_orders(connection, LATER, {}) == 0
    assert orders.delete_final_orders(connection, LATER, {bot.id: ""}) == 0
    assert orders.delete_final_orders(connection, LATER, {bot.id: "c2."}) == 1
    assert orders.find_order(connection, old.client_id) is None
    for kept in (current, live, recent, of_other):
        assert orders.find_order(connection, kept.client_id) == kept


def test_a_fill_is_counted_once(connection: Connection, bot: BotRecord) -> None:
    first, second = fill(1), fill(2)
    assert fills.add_fills(connection, bot.id, 1, [first]) == [first]
    assert fills.add_fills(connection, bot.id, 1, [second, first, second]) == [second]
    assert fills.fills_of(connection, bot.id) == [first, second]
    assert fills.fills_of(connection, bot.id, since=second.at) == [second]
    assert fills.known_trade_ids(connection, bot.id) == {("mg1", "t1"), ("mg1", "t2")}
    assert fills.known_trade_ids(connection, bot.id, since=second.at) == {("mg1", "t2")}
    assert fills.last_fill_at(connection, bot.id) == second.at
    assert fills.last_fill_at(connection, bot.id + 1) is None


def test_a_trade_with_ourselves_is_two_fills(connection: Connection, bot: BotRecord) -> None:
    both = [fill(1, "mg1"), fill(1, "mg2")]
    assert fills.add_fills(connection, bot.id, 1, both) == both


def test_a_fill_without_its_order_is_refused(connection: Connection, bot: BotRecord) -> None:
    with pytest.raises(ValueError, match="not joined"):
        fills.add_fills(connection, bot.id, 1, [fill(1, None)])


def test_funding_is_counted_once(connection: Connection, bot: BotRecord) -> None:
    assert fills.add_funding(connection, bot.id, 1, [payment(1)]) == [payment(1)]
    assert fills.add_funding(connection, bot.id, 1, [payment(1), payment(2)]) == [payment(2)]
    assert fills.funding_of(connection, bot.id, since=payment(2).at) == [payment(2)]


def test_fills_and_payments_are_read_on_from_where_reading_ended(connection: Connection, bot: BotRecord) -> None:
    fills.add_fills(connection, bot.id, 1, [fill(number) for number in (3, 1, 2)])
    fills.add_funding(connection, bot.id, 1, [payment(1), payment(2)])
    first = fills.fills_after(connection, bot.id, 0, 2)
    assert [found for _, found in first] == [fill(3), fill(1)], "as they were stored, whatever their time"
    assert [found for _, found in fills.fills_after(connection, bot.id, first[-1][0], 2)] == [fill(2)]
    [(row, found)] = fills.funding_after(connection, bot.id, 0, 1)
    assert found == payment(1)
    assert [found for _, found in fills.funding_after(connection, bot.id, row, 9)] == [payment(2)]
    assert fills.fills_after(connection, bot.id + 1, 0, 9) == []


def test_orders_are_counted_by_bot_and_state(connection: Connection, bot: BotRecord) -> None:
    orders.put_orders(connection, [order(1), order(2), final(3)], 1)
    assert orders.count_live(connection, 1) == {bot.id: 2}
    assert orders.count_orders(connection, 1) == {
        bot.id: {order().status: 2, final(3).status: 1},
    }


def test_profit_adds_up_exactly(connection: Connection, bot: BotRecord) -> None:
    cycles.add_cycles(connection, bot.id, 1, SYMBOL, [])
    cycles.add_cycles(connection, bot.id, 1, SYMBOL, [cycle(number, "0.1") for number in range(1, 11)])
    (profit,) = cycles.profit_since(connection, 1, NOW + 8 * SECOND)
    assert (profit.bot_id, profit.cycles, profit.gross) == (bot.id, 3, Decimal("0.3"))
    assert profit.net == Decimal("-0.03")
    assert [record.result.number for record in cycles.cycles_of(connection, bot.id)] == list(range(1, 11))


def test_old_samples_go(connection: Connection, bot: BotRecord) -> None:
    taken = [SampleRecord(bot.id, 1, kind, NOW + n * SECOND, {"n": n}) for n in range(3) for kind in ("book", "mid")]
    samples.add_samples(connection, [])
    samples.add_samples(connection, taken)
    assert [sample.body["n"] for sample in samples.samples_of(connection, bot.id, "book", NOW + SECOND)] == [1, 2]
    assert samples.delete_samples(connection, NOW + SECOND) == 2
    assert len(samples.samples_of(connection, bot.id, "mid")) == 2


def test_some_kinds_of_samples_go_later(connection: Connection, bot: BotRecord) -> None:
    taken = [SampleRecord(bot.id, 1, kind, NOW + n * SECOND, {"n": n}) for n in range(4) for kind in ("book", "leg")]
    samples.add_samples(connection, taken)
    assert samples.delete_samples(connection, NOW + 3 * SECOND, but={"leg": NOW + SECOND}) == 4
    assert [sample.body["n"] for sample in samples.samples_of(connection, bot.id, "book")] == [3]
    assert [sample.body["n"] for sample in samples.samples_of(connection, bot.id, "leg")] == [1, 2, 3]


def test_of_old_equity_the_last_of_each_hour_stays(connection: Connection, bot: BotRecord) -> None:
    minutes = [NOW.replace(minute=0) + timedelta(minutes=n) for n in range(150)]
    samples.add_samples(connection, [SampleRecord(bot.id, 1, samples.EQUITY, at, {"net": "1"}) for at in minutes])
    assert samples.delete_samples(connection, minutes[120]) == 118
    kept = [sample.at for sample in samples.samples_of(connection, bot.id, samples.EQUITY)]
    assert kept == [minutes[59], minutes[119], *minutes[120:]]
    assert samples.delete_samples(connection, minutes[120]) == 0


def test_a_token_works_once(connection: Connection) -> None:
    assert tokens.take_token(connection, "t", 1, NOW)
    assert not tokens.take_token(connection, "t", 1, LATER)
    assert tokens.delete_tokens(connection, NOW) == 0
    assert tokens.delete_tokens(connection, LATER) == 1


def test_a_failed_action_gives_its_token_back(connection: Connection) -> None:
    with pytest.raises(ZeroDivisionError), connection.begin_nested():
        assert tokens.take_token(connection, "t", 1, NOW)
        raise ZeroDivisionError
    assert tokens.take_token(connection, "t", 1, NOW)


def test_what_is_kept_by_name(connection: Connection) -> None:
    assert drafts.get_draft(connection, "1:form") is None
    for body in ("{}", '{"step": 2}'):
        drafts.put_draft(connection, "1:form", body)
        assert drafts.get_draft(connection, "1:form") == body
    drafts.put_draft(connection, "1:form", None)
    assert drafts.get_draft(connection, "1:form") is None
    assert paper.load_paper(connection, "1") is None
    assert market_cache.load(connection, "bitget") is None
    for text, at in (("one", NOW), ("two", LATER)):
        paper.save_paper(connection, "1", text, at)
        market_cache.save(connection, "bitget", text, at)
        meta.put(connection, "key", text)
        assert paper.load_paper(connection, "1") == meta.get(connection, "key") == text
        assert market_cache.load(connection, "bitget") == (text, at)


def test_rows_of_nobody_are_refused(connection: Connection) -> None:
    with pytest.raises(IntegrityError):
        bots.add_bot(connection, bot_record(99))
