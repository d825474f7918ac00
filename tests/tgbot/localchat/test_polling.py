"""getUpdates and the queue behind it."""

import asyncio

from tests.tgbot.localchat.wire import ALICE, Clock, Wire, buttons


async def test_what_a_person_says_becomes_an_update(wire: Wire) -> None:
    number = await wire.say("/start now")
    (update,) = (await wire.bot("getUpdates")).result
    assert update["message"] == {
        "message_id": number,
        "from": {"id": ALICE, "is_bot": False, "first_name": "Alice", "username": "alice_local", "language_code": "en"},
        "chat": {"id": ALICE, "type": "private", "first_name": "Alice", "username": "alice_local"},
        "text": "/start now",
        "entities": [{"type": "bot_command", "offset": 0, "length": 6}],
        "date": 1_750_000_000,
    }


async def test_a_press_becomes_an_update(wire: Wire) -> None:
    sent = await wire.send("x", reply_markup=buttons([("a", "data")]))
    query = await wire.press(sent["message_id"], "data")
    (update,) = (await wire.bot("getUpdates")).result
    told = update["callback_query"]
    assert (told["id"], told["data"], told["from"]["id"]) == (query, "data", ALICE)
    assert told["message"] == sent
    assert told["chat_instance"]


async def test_updates_come_again_until_they_are_confirmed(wire: Wire) -> None:
    for words in ("one", "two"):
        await wire.say(words)
    first, second = (await wire.bot("getUpdates")).result
    assert (await wire.bot("getUpdates")).result == [first, second]
    assert (await wire.bot("getUpdates", offset=second["update_id"])).result == [second]
    assert (await wire.bot("getUpdates", offset=second["update_id"] + 1)).result == []
    assert (await wire.bot("getUpdates")).result == []


async def test_a_negative_offset_keeps_the_newest(wire: Wire) -> None:
    for words in ("one", "two", "three"):
        await wire.say(words)
    (update,) = (await wire.bot("getUpdates", offset=-1)).result
    assert update["message"]["text"] == "three"
    assert (await wire.bot("getUpdates")).result == [update]


async def test_a_limit_is_kept(wire: Wire) -> None:
    for words in ("one", "two"):
        await wire.say(words)
    assert len((await wire.bot("getUpdates", limit=1)).result) == 1


async def test_a_long_poll_ends_when_somebody_speaks(wire: Wire) -> None:
    waiting = asyncio.create_task(wire.bot("getUpdates", timeout=20))
    await asyncio.sleep(0.1)
    await wire.say("now")
    async with asyncio.timeout(15):
        (update,) = (await waiting).result
    assert update["message"]["text"] == "now"


async def test_a_long_poll_ends_empty_after_its_timeout(wire: Wire) -> None:
    async with asyncio.timeout(15):
        assert (await wire.bot("getUpdates", timeout=1)).result == []


async def test_a_second_poller_ends_the_first(wire: Wire) -> None:
    first = asyncio.create_task(wire.bot("getUpdates", timeout=20))
    await asyncio.sleep(0.1)
    second = asyncio.create_task(wire.bot("getUpdates", timeout=20))
    async with asyncio.timeout(15):
        refused = await first
    assert refused.status == 409
    assert refused.refusal == (
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    )
    await wire.say("for the second")
    assert (await second).result[0]["message"]["text"] == "for the second"


async def test_only_allowed_kinds_are_kept(wire: Wire) -> None:
    sent = await wire.send("x", reply_markup=buttons([("a", "1")]))
    await wire.bot("getUpdates", allowed_updates=["callback_query"])
    await wire.say("not wanted")
    await wire.press(sent["message_id"], "1")
    (update,) = (await wire.bot("getUpdates")).result
    assert "callback_query" in update
    assert (await wire.bot("getWebhookInfo")).result["allowed_updates"] == ["callback_query"]


async def test_pending_updates_are_counted_and_can_be_dropped(wire: Wire) -> None:
    await wire.say("x")
    assert (await wire.bot("getWebhookInfo")).result["pending_update_count"] == 1
    await wire.bot("deleteWebhook", drop_pending_updates=True)
    assert (await wire.bot("getWebhookInfo")).result["pending_update_count"] == 0


async def test_updates_older_than_a_day_are_forgotten(wire: Wire, clock: Clock) -> None:
    await wire.say("x")
    clock.now += 24 * 3600 + 1
    assert (await wire.bot("getUpdates")).result == []
