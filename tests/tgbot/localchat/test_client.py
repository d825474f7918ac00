"""The page's own interface: who may use it, and what it tells."""

import asyncio
from pathlib import Path

import aiohttp
import pytest

from tests.tgbot.localchat.wire import ALICE, BORIS, Wire, buttons, png
from tgbot.localchat import LocalChat


async def status(wire: Wire, path: str, *, key: str | None = "k", method: str = "GET", **headers: str) -> int:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    params = {"key": key} if key else {}
    async with wire.http.request(method, f"{wire.chat.api_url}{path}", params=params, headers=named) as response:
        return response.status


@pytest.mark.parametrize("path", ["/client/people", f"/client/state?user={ALICE}", "/client/file/x", "/"])
async def test_nothing_is_told_without_the_key(stranger: Wire, path: str) -> None:
    assert await status(stranger, path, key=None) == 403
    assert await status(stranger, path, key="wrong") == 403


async def test_the_page_leaves_a_cookie_that_opens_the_rest(stranger: Wire) -> None:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
        async with browser.get(stranger.chat.page_url) as page:
            cookie = page.headers["Set-Cookie"]
            assert "HttpOnly" in cookie
            assert "SameSite=Strict" in cookie
            assert "script-src 'self'" in page.headers["Content-Security-Policy"]
            assert "unsafe" not in page.headers["Content-Security-Policy"]
            assert page.headers["X-Content-Type-Options"] == "nosniff"
        async with browser.get(f"{stranger.chat.api_url}/client/people") as people:
            assert await people.json() == [
                {"id": ALICE, "name": "Alice", "admin": True},
                {"id": BORIS, "name": "Boris", "admin": False},
            ]


async def test_a_key_is_made_anew_at_every_start_unless_it_is_given(tmp_path: Path) -> None:
    keys = {LocalChat(database=tmp_path / "x.db").page_url.partition("key=")[2] for _ in range(2)}
    assert len(keys) == 2
    assert all(len(key) >= 16 for key in keys)


@pytest.mark.parametrize("path", ["/client/people", "/bot1000000:local-chat/getMe", "/page/page.js"])
async def test_another_site_in_the_same_browser_stays_outside(stranger: Wire, path: str) -> None:
    own = stranger.chat.api_url
    assert await status(stranger, path) == 200
    assert await status(stranger, path, Origin=own) == 200
    assert await status(stranger, path, Origin="https://evil.example") == 403
    assert await status(stranger, path, Origin="null") == 403
    assert await status(stranger, path, Origin="http://127.0.0.1:1") == 403
    assert await status(stranger, path, Sec_Fetch_Site="cross-site") == 403
    assert await status(stranger, path, Host="evil.example") == 403
    assert await status(stranger, path, Host="127.0.0.1.evil.example") == 403
    assert await status(stranger, path, Host="localhost:8080") == 200


async def test_a_state_holds_what_is_newer_and_says_so(wire: Wire) -> None:
    sent = await wire.send("one")
    state = await wire.state()
    assert [message["id"] for message in state["messages"]] == [1, sent["message_id"]]
    await wire.bot("editMessageText", chat_id=ALICE, message_id=sent["message_id"], text="two")
    newer = await wire.state(since=state["seq"])
    assert [(message["html"], message["edited"]) for message in newer["messages"]] == [("two", True)]
    assert newer["seq"] > state["seq"]


async def test_a_state_waits_for_something_new_of_this_person(wire: Wire) -> None:
    seq = (await wire.state())["seq"]
    waiting = asyncio.create_task(wire.state(since=seq))
    await wire.say("for Boris only", BORIS)
    await asyncio.sleep(0.1)
    assert not waiting.done()
    await wire.send("for Alice")
    async with asyncio.timeout(15):
        assert [message["html"] for message in (await waiting)["messages"]] == ["for Alice"]


async def test_a_place_from_another_database_starts_anew(wire: Wire) -> None:
    state = await wire.state(since=10**9)
    assert len(state["messages"]) == 1


async def test_an_empty_chat_has_a_place_to_wait_from(stranger: Wire) -> None:
    state = await stranger.state()
    assert state["seq"] > 0
    assert state["messages"] == []


async def test_answers_to_presses_are_told_once(wire: Wire) -> None:
    number = (await wire.send(reply_markup=buttons([("a", "1"), ("b", "2")])))["message_id"]
    seq = (await wire.state())["seq"]
    loud, quiet = await wire.press(number, "1"), await wire.press(number, "2")
    await wire.bot("answerCallbackQuery", callback_query_id=loud, text="done", show_alert=True)
    state = await wire.state(since=seq)
    assert state["toasts"] == [{"text": "done", "alert": True}]
    await wire.bot("answerCallbackQuery", callback_query_id=quiet)
    state = await wire.state(since=state["seq"])
    assert state["toasts"] == []
    assert state["answers"] == [{"query": quiet, "text": "", "alert": False, "url": None}]


async def test_only_buttons_that_are_there_can_be_pressed(wire: Wire) -> None:
    number = (await wire.send(reply_markup=buttons([("a", "1")])))["message_id"]

    async def refused(user: int = ALICE, message: int = number, data: str = "1") -> str:
        return (await wire.post("press", status=400, user=user, message=message, data=data))["error"]

    assert await refused(data="2") == "this message has no such button"
    assert await refused(user=BORIS) == "there is no such message in this chat, or it was deleted"
    assert await refused(message=999) == "there is no such message in this chat, or it was deleted"
    assert await refused(user=5) == "there is no such person here"
    await wire.bot("deleteMessage", chat_id=ALICE, message_id=number)
    assert await refused() == "there is no such message in this chat, or it was deleted"


async def test_a_person_may_not_say_nothing_or_too_much(wire: Wire) -> None:
    for text in ("", " \n", "x" * 4097):
        await wire.post("send", status=400, user=ALICE, text=text)
    await wire.post("send", status=400, user=5, text="x")


async def test_a_person_speaks_another_language_from_now_on(wire: Wire) -> None:
    await wire.post("language", user=ALICE, language="ru")
    await wire.post("language", status=400, user=ALICE, language="xx")
    await wire.say("привет")
    (update,) = (await wire.bot("getUpdates")).result
    assert update["message"]["from"]["language_code"] == "ru"
    assert (await wire.state())["language"] == "ru"


async def test_a_person_sends_a_photo_and_a_document(wire: Wire) -> None:
    for name, content in (("photo", png(9, 9)), ("document", b"x")):
        upload = aiohttp.FormData({"user": str(ALICE), "caption": "c"})
        upload.add_field(name, content, filename="a.png")
        async with wire.http.post(f"{wire.chat.api_url}/client/upload", params={"key": "k"}, data=upload) as response:
            assert response.status == 200
    photo, document = (await wire.bot("getUpdates")).result
    assert (photo["message"]["photo"][0]["width"], photo["message"]["caption"]) == (9, "c")
    assert document["message"]["document"]["file_name"] == "a.png"
    last = (await wire.state())["messages"][-1]
    assert last["document"] == {"id": document["message"]["document"]["file_id"], "name": "a.png", "size": 1}


async def test_a_file_is_shown_as_what_it_is_and_nothing_else(wire: Wire) -> None:
    upload = aiohttp.FormData({"chat_id": str(ALICE)})
    upload.add_field("document", b"<script>alert(1)</script>", filename="a.html", content_type="text/html")
    file_id = (await wire.bot_raw("sendDocument", data=upload)).result["document"]["file_id"]
    async with wire.http.get(f"{wire.chat.api_url}/client/file/{file_id}", params={"key": "k"}) as response:
        assert response.content_type == "application/octet-stream"
        assert response.headers["Content-Disposition"].startswith("attachment")
    assert await status(wire, "/client/file/unknown") == 404


async def test_an_unknown_address_is_not_found(stranger: Wire) -> None:
    assert await status(stranger, "/client/nothing") == 404
    assert await status(stranger, "/page/../chat.py") == 404
    assert await status(stranger, "/page/%2e%2e/chat.py") in (403, 404)


async def test_when_it_listens_for_others_it_is_found_by_number_but_not_by_a_foreign_name(tmp_path: Path) -> None:
    everywhere = "0.0.0.0"  # noqa: S104 - that is what is tested
    async with LocalChat(database=tmp_path / "c.db", host=everywhere, key="k") as chat, aiohttp.ClientSession() as http:
        wire = Wire(chat, http)
        assert await status(wire, "/client/people", Host="192.168.1.5:8080") == 200
        assert await status(wire, "/client/people", Host="evil.example") == 403


async def test_a_port_that_is_taken_is_an_error_and_leaves_nothing_open(tmp_path: Path, stranger: Wire) -> None:
    port = int(stranger.chat.api_url.rpartition(":")[2])
    second = LocalChat(database=tmp_path / "second.db", port=port)
    with pytest.raises(OSError, match="in use"):
        await second.start()
