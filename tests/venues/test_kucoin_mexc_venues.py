"""The local KuCoin and MEXC themselves: as strict as the real ones, and driven from another process."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.venues.kucoin import rest as kucoin
from tests.venues.kucoin.server import KucoinVenue
from tests.venues.mexc import rest as mexc
from tests.venues.mexc.server import MexcVenue


@pytest.fixture
async def kucoin_venue() -> AsyncIterator[KucoinVenue]:
    async with KucoinVenue() as running:
        yield running


@pytest.fixture
async def mexc_venue() -> AsyncIterator[MexcVenue]:
    async with MexcVenue() as running:
        yield running


async def _get(address: str, given: dict[str, str]) -> tuple[int, Any]:
    async with aiohttp.ClientSession() as session, session.get(address, headers=given) as answer:
        return answer.status, await answer.json()


PATH = "/api/v1/hf/orders/active?symbol=CRV-USDT"


def headers(path: str = PATH, *, wrong: str = "", late: int = 0, version: str = "2") -> dict[str, str]:
    secret, passphrase = ("other" if wrong == name else f"ku-{name}" for name in ("secret", "pass"))
    stamp = str(int(time.time() * 1000) - late * 1000)
    return {
        "KC-API-KEY": "ku-key",
        "KC-API-KEY-VERSION": version,
        "KC-API-PASSPHRASE": kucoin.signed("ku-secret", passphrase),
        "KC-API-TIMESTAMP": stamp,
        "KC-API-SIGN": kucoin.signed(secret, f"{stamp}GET{path}"),
    }


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({}, "200000"),
        ({"wrong": "secret"}, "400005"),
        ({"wrong": "pass"}, "400004"),
        ({"version": "1"}, "400004"),
        ({"late": 6}, "400002"),
        ({"path": "/api/v1/hf/orders/active"}, "400005"),
    ],
)
async def test_a_request_to_kucoin_is_signed_as_documented(
    kucoin_venue: KucoinVenue, given: dict[str, Any], code: str
) -> None:
    assert (await _get(kucoin_venue.address + PATH, {}))[1]["code"] == "400001"
    status, told = await _get(kucoin_venue.address + PATH, headers(**given))
    assert told["code"] == code
    assert status == (200 if code == "200000" else 401)


@pytest.mark.parametrize(
    ("query", "key", "secret", "code"),
    [
        ("timestamp={now}", "mx-key", "mx-secret", None),
        ("timestamp={now}", "mx-key", "other", 700002),
        ("timestamp={now}", "nobody", "mx-secret", 10072),
        ("timestamp={now}", "", "mx-secret", 400),
        ("timestamp={late}", "mx-key", "mx-secret", 700003),
        ("timestamp={late}&recvWindow=20000", "mx-key", "mx-secret", None),
        ("timestamp={now}&recvWindow=60001", "mx-key", "mx-secret", 700005),
    ],
)
async def test_a_request_to_mexc_is_signed_as_documented(
    mexc_venue: MexcVenue, query: str, key: str, secret: str, code: int | None
) -> None:
    now = int(time.time() * 1000)
    signed = query.format(now=now, late=now - 10_000)
    target = f"{mexc_venue.address}/api/v3/account?{signed}&signature={mexc.signed(secret, signed)}"
    status, told = await _get(target, {"X-MEXC-APIKEY": key} if key else {})
    assert told.get("code") == code
    assert status == (200 if code is None else 400)


async def test_what_needs_a_symbol_is_refused_without_one(kucoin_venue: KucoinVenue, mexc_venue: MexcVenue) -> None:
    path = "/api/v1/hf/orders/active"
    assert (await _get(kucoin_venue.address + path, headers(path)))[1]["code"] == "400100"
    query = f"timestamp={int(time.time() * 1000)}"
    target = f"{mexc_venue.address}/api/v3/openOrders?{query}&signature={mexc.signed('mx-secret', query)}"
    assert (await _get(target, {"X-MEXC-APIKEY": "mx-key"}))[1]["code"] == 44444


async def test_an_unknown_address_is_told(kucoin_venue: KucoinVenue, mexc_venue: MexcVenue) -> None:
    for venue in (kucoin_venue, mexc_venue):
        assert (await _get(f"{venue.address}/api/v9/nothing", {}))[0] == 404


async def test_sockets_refuse_what_they_do_not_know(kucoin_venue: KucoinVenue, mexc_venue: MexcVenue) -> None:
    async with aiohttp.ClientSession() as session:
        token = kucoin_venue.sockets.token(None)
        async with session.ws_connect(f"{kucoin_venue.address}/endpoint?token={token}&connectId=1") as socket:
            assert (await socket.receive_json())["type"] == "welcome"
            for topic in ("/market/level2:NOPE-USDT", "/spotMarket/tradeOrders", "/nothing"):
                await socket.send_json({"id": "1", "type": "subscribe", "topic": topic, "response": True})
                assert (await socket.receive_json())["type"] == "error"
            await socket.send_json({"id": "2", "type": "ping"})
            assert (await socket.receive_json())["type"] == "pong"
        async with session.ws_connect(f"{mexc_venue.address}/ws") as socket:
            for channel in ("spot@private.orders.v3.api.pb", "spot@public.aggre.depth.v3.api.pb@100ms@NOPE"):
                await socket.send_json({"method": "SUBSCRIPTION", "params": [channel]})
                assert "Not Subscribed" in (await socket.receive_json())["msg"]
            await socket.send_json({"method": "PING"})
            assert (await socket.receive_json())["msg"] == "PONG"
        async with session.ws_connect(f"{mexc_venue.address}/ws?listenKey=nothing") as socket:
            assert (await socket.receive_str()) == "Invalid listen key"


async def test_an_account_has_sixty_listen_keys_at_most(mexc_venue: MexcVenue) -> None:
    account = mexc_venue.account()
    assert all(mexc_venue.sockets.new_key(account) for _ in range(60))
    assert mexc_venue.sockets.new_key(account) is None
    mexc_venue.jump(3601)
    assert mexc_venue.sockets.new_key(account) is not None


@pytest.mark.parametrize(("name", "market"), [("kucoin", "CRV-USDT"), ("mexc", "CRVUSDT")])
async def test_the_venue_runs_as_a_process_and_is_driven_over_its_control_door(name: str, market: str) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", f"tests.venues.{name}", "--port", "0"),
        stdout=asyncio.subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    assert process.stdout is not None
    try:
        address = (await asyncio.wait_for(process.stdout.readline(), 30)).decode().strip()
        async with aiohttp.ClientSession() as session:

            async def control(command: str, **values: Any) -> Any:
                async with session.post(f"{address}/control/{command}", data=json.dumps(values)) as answer:
                    assert answer.status == 200, command
                    return await answer.json()

            await control("key", key="k", secret="s", passphrase="p", balances={"USDT": "500"})
            await control("price", symbol=market, price="0.6")
            await control("order", key="k", client_id="hand1", symbol=market, side="buy", amount="100")
            await control("order", key="k", client_id="hand2", symbol=market, side="buy", amount="50", price="0.59")
            assert "refused" in await control(
                "order", key="k", client_id="hand3", symbol=market, side="buy", amount="1", price="0.5"
            )
            await control("jump", seconds=60)
            await control("book", symbol=market, bids=[["0.59", "1000"]], asks=[["0.61", "1000"]])
            await control("trade", symbol=market, side="sell", price="0.58", amount="1000")
            await control("fault", kind="429", path="accounts")
            for command in ("cut", "silence", "mute", "garbage"):
                await control(command, scope="public")
            for command in ("gap", "duplicate", "refuse", "heal"):
                await control(command)
            truth = await control("truth", key="k")
            assert truth["balances"]["CRV"] == "150"
            assert len(truth["fills"]) == 2
            async with session.post(f"{address}/control/nothing") as answer:
                assert answer.status == 404
    finally:
        process.terminate()
        assert await process.wait() == 0
