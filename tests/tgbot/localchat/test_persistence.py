"""Stop, start, and everything is still there."""

import asyncio
import os
import sqlite3
import subprocess
import sys
import textwrap
from pathlib import Path

import aiohttp
import pytest

from tests.tgbot.localchat.wire import ALICE, Wire, buttons, png
from tgbot.localchat import LocalChat


async def test_a_restart_loses_nothing(tmp_path: Path) -> None:
    chat = LocalChat(database=tmp_path / "chat.db", key="k")
    async with aiohttp.ClientSession() as http:
        wire = Wire(chat, http)
        async with chat:
            await wire.say("/start")
            await wire.bot("setMyCommands", commands=[{"command": "start", "description": "x"}])
            await wire.post("language", user=ALICE, language="ru")
            upload = aiohttp.FormData({"chat_id": str(ALICE)})
            upload.add_field("photo", png(), filename="a.png")
            photo = (await wire.bot_raw("sendPhoto", data=upload)).result["photo"][0]["file_id"]
            number = (await wire.send("card", reply_markup=buttons([("a", "1")])))["message_id"]
            query = await wire.press(number, "1")
            pending = (await wire.bot("getUpdates")).result
            before = await wire.state()
        async with chat:
            assert await wire.state() == before
            assert (await wire.bot("getUpdates")).result == pending
            assert (await wire.bot("answerCallbackQuery", callback_query_id=query)).result is True
            await wire.press(number, "1")
            assert (await wire.bot("sendPhoto", chat_id=ALICE, photo=photo)).result["message_id"] == number + 1
            after = await wire.state(since=before["seq"])
            assert after["seq"] > before["seq"]
            assert [message["id"] for message in after["messages"]] == [number + 1]


async def test_a_file_that_is_no_database_is_an_error_and_leaves_nothing_open(tmp_path: Path) -> None:
    path = tmp_path / "chat.db"
    path.write_bytes(b"something else entirely" * 100)
    with pytest.raises(sqlite3.DatabaseError):
        await LocalChat(database=path).start()


async def test_the_file_is_for_its_owner_only(tmp_path: Path) -> None:
    async with LocalChat(database=tmp_path / "deep" / "chat.db"):
        assert (tmp_path / "deep" / "chat.db").stat().st_mode & 0o777 == 0o600


async def test_a_killed_process_has_kept_what_it_answered(tmp_path: Path) -> None:
    script = textwrap.dedent(
        """
        import asyncio, sys
        from pathlib import Path
        from tgbot.localchat import LocalChat

        async def main():
            async with LocalChat(database=Path(sys.argv[1]), key="k") as chat:
                print(chat.api_url, flush=True)
                await asyncio.sleep(60)

        asyncio.run(main())
        """
    )
    path = tmp_path / "chat.db"
    root = Path(__file__).parents[3]
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", script, str(path)), stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(root)}
    )
    try:
        assert process.stdout is not None
        address = (await process.stdout.readline()).decode().strip()
        async with aiohttp.ClientSession() as http:
            said = {"user": ALICE, "text": "remember me"}
            async with http.post(f"{address}/client/send", params={"key": "k"}, json=said) as response:
                assert response.status == 200
    finally:
        process.kill()
        await process.communicate()
    async with LocalChat(database=path, key="k") as chat, aiohttp.ClientSession() as http:
        (update,) = (await Wire(chat, http).bot("getUpdates")).result
        assert update["message"]["text"] == "remember me"


def test_importing_it_does_not_import_a_bot_framework() -> None:
    script = "import sys, tgbot.localchat; sys.exit('aiogram' in sys.modules or 'pydantic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], cwd=Path(__file__).parents[3], check=False).returncode == 0
