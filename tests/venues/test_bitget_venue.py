"""The local Bitget itself: as strict as the real one, and driven from another process over its control door."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.venues.bitget.call import signed
from tests.venues.bitget.server import BitgetVenue

PATH = "/api/v2/mix/account/accounts?productType=USDT-FUTURES"


@pytest.fixture
async def venue() -> AsyncIterator[BitgetVenue]:
    async with BitgetVenue() as running:
        yield running


def headers(path: str = PATH, *, wrong: str = "", late: int = 0) -> dict[str, str]:
    secret, passphrase = ("other" if wrong == name else f"bg-{name}" for name in ("secret", "pass"))
    stamp = str(int(time.time() * 1000) - late * 1000)
    return {
        "ACCESS-KEY": "bg-key",
        "ACCESS-PASSPHRASE": passphrase,
        "ACCESS-TIMESTAMP": stamp,
        "ACCESS-SIGN": signed(secret, f"{stamp}GET{path}"),
    }


async def _get(address: str, given: dict[str, str]) -> tuple[int, Any]:
    async with aiohttp.ClientSession() as session, session.get(address, headers=given) as answer:
        return answer.status, await answer.json()


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({}, "00000"),
        ({"wrong": "secret"}, "40009"),
        ({"wrong": "pass"}, "40012"),
        ({"late": 31}, "40008"),
        ({"path": "/api/v2/mix/account/accounts"}, "40009"),
    ],
)
async def test_a_request_is_signed_as_documented(venue: BitgetVenue, given: dict[str, Any], code: str) -> None:
    assert (await _get(venue.address + PATH, {}))[1]["code"] == "40006"
    status, told = await _get(venue.address + PATH, headers(**given))
    assert told["code"] == code
    assert status == (200 if code == "00000" else 400)


async def test_an_unknown_address_is_told(venue: BitgetVenue) -> None:
    status, told = await _get(f"{venue.address}/api/v2/mix/nothing", {})
    assert (status, told["code"]) == (404, "40404")


async def test_the_venue_runs_as_a_process_and_is_driven_over_its_control_door() -> None:
    root = Path(__file__).parents[2]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.venues.bitget", "--port", "0", stdout=asyncio.subprocess.PIPE, cwd=root
    )
    assert process.stdout is not None
    try:
        address = (await asyncio.wait_for(process.stdout.readline(), 30)).decode().strip()
        async with aiohttp.ClientSession() as session:

            async def control(name: str, **values: Any) -> Any:
                async with session.post(f"{address}/control/{name}", json=values) as answer:
                    assert answer.status == 200, name
                    return await answer.json()

            await control("key", key="k", secret="s", passphrase="p", balance="500", hedged=False)
            await control("price", symbol="CRVUSDT", price="0.6")
            await control("order", key="k", client_id="hand1", symbol="CRVUSDT", side="buy", amount="100")
            await control("jump", seconds=8 * 3600)
            await control("book", symbol="CRVUSDT", bids=[["0.59", "1000"]], asks=[["0.61", "1000"]])
            await control("trade", symbol="CRVUSDT", side="sell", price="0.59", amount="10")
            await control("fault", kind="429", path="accounts")
            for name in ("cut", "silence", "mute", "garbage"):
                await control(name, scope="public")
            for name in ("checksum", "duplicate", "refuse", "heal"):
                await control(name)
            truth = await control("truth", key="k")
            assert truth["positions"] == {"CRV/USDT:USDT": "100"}
            assert len(truth["fills"]) == len(truth["funding"]) == 1
            async with session.post(f"{address}/control/nothing") as answer:
                assert answer.status == 404
    finally:
        process.terminate()
        assert await process.wait() == 0
