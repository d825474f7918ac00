"""The local Binance itself: as strict as the real one, and driven from another process over its control door."""

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

from tests.venues.binance.requests import signed
from tests.venues.binance.server import BinanceVenue


@pytest.fixture
async def venue() -> AsyncIterator[BinanceVenue]:
    async with BinanceVenue() as running:
        yield running


def query(*, signer: str = "bn-secret", late: int = 0, **values: str) -> str:
    stamp = str(int(time.time() * 1000) - late)
    text = "&".join(f"{name}={value}" for name, value in {**values, "timestamp": stamp}.items())
    return f"{text}&signature={signed(signer, text)}"


async def _get(venue: BinanceVenue, path: str, key: str = "bn-key") -> tuple[int, Any]:
    headers = {"X-MBX-APIKEY": key} if key else {}
    async with aiohttp.ClientSession() as session, session.get(venue.address + path, headers=headers) as answer:
        return answer.status, await answer.json()


@pytest.mark.parametrize(
    ("given", "key", "code"),
    [
        ({}, "", -2014),
        ({}, "nobody", -2015),
        ({"signer": "wrong"}, "bn-key", -1022),
        ({"late": 5_500}, "bn-key", -1021),
        ({"late": -2_500}, "bn-key", -1021),
        ({"late": 5_500, "recvWindow": "20000"}, "bn-key", None),
        ({"recvWindow": "60001"}, "bn-key", -1131),
        ({"postOnly": "true"}, "bn-key", -1104),
        ({}, "bn-key", None),
    ],
)
async def test_a_request_over_rest_is_signed_timed_and_says_no_more_than_is_read(
    venue: BinanceVenue, given: dict[str, Any], key: str, code: int | None
) -> None:
    status, told = await _get(venue, f"/api/v3/account?{query(**given)}", key)
    assert told.get("code") == code
    assert (status == 200) is (code is None)


async def test_an_unknown_address_is_told(venue: BinanceVenue) -> None:
    assert (await _get(venue, "/api/v3/nothing"))[0] == 404


def parameters(signer: str = "bn-secret", **values: str) -> dict[str, str]:
    known = {"apiKey": "bn-key", "timestamp": str(int(time.time() * 1000)), **values}
    text = "&".join(f"{name}={known[name]}" for name in sorted(known))
    return {**known, "signature": signed(signer, text)}


LIMIT = {"symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT", "quantity": "0.001", "price": "61000"}


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({**LIMIT, "timeInForce": "GTC"}, None),
        (LIMIT, -1102),
        ({**LIMIT, "timeInForce": "PO"}, -1115),
        ({**LIMIT, "timeInForce": "GTC", "clientOrderId": "mg1"}, -1104),
        ({**LIMIT, "timeInForce": "GTC", "newClientOrderId": "spaces are not allowed"}, -1100),
        ({**LIMIT, "type": "LIMIT_MAKER", "timeInForce": "GTC"}, -1106),
        ({**LIMIT, "type": "LIMIT_MAKER"}, None),
        ({**LIMIT, "type": "STOP", "timeInForce": "GTC"}, -1116),
        ({**LIMIT, "timeInForce": "GTC", "symbol": "NOPEUSDT"}, -1121),
        ({**LIMIT, "timeInForce": "GTC", "price": "61000.123456789"}, -1111),
        ({**LIMIT, "timeInForce": "GTC", "price": "61000.123"}, -1013),
    ],
)
async def test_an_order_over_the_socket_is_read_strictly(
    venue: BinanceVenue, values: dict[str, str], code: int | None
) -> None:
    async with aiohttp.ClientSession() as session, session.ws_connect(f"{venue.address}/ws-api/v3") as socket:
        await socket.send_json({"id": "7", "method": "order.place", "params": parameters(**values)})
        told = json.loads(await socket.receive_str())
        assert told["id"] == "7"
        assert told.get("error", {}).get("code") == code
        assert (told["status"] == 200) is (code is None)
        await socket.send_json({"id": "8", "method": "order.place", "params": parameters("wrong", **values)})
        assert json.loads(await socket.receive_str())["error"]["code"] == -1022


async def test_more_orders_than_the_venue_counts_are_refused(venue: BinanceVenue) -> None:
    venue.world.orders_per_ten_seconds = 2
    async with aiohttp.ClientSession() as session, session.ws_connect(f"{venue.address}/ws-api/v3") as socket:
        told = []
        for _ in range(3):
            values = parameters(**LIMIT, timeInForce="GTC")
            await socket.send_json({"id": "1", "method": "order.place", "params": values})
            told.append(json.loads(await socket.receive_str()))
        assert [answer["status"] for answer in told] == [200, 200, 429]
        assert told[2]["error"]["code"] == -1015


async def test_streams_number_their_changes_without_a_gap(venue: BinanceVenue) -> None:
    streams = ["btcusdt@depth@100ms", "btcusdt@bookTicker", "btcusdt@trade"]
    async with aiohttp.ClientSession() as session, session.ws_connect(f"{venue.address}/ws/0") as socket:
        await socket.send_json({"method": "SUBSCRIBE", "params": ["nope@depth"], "id": 1})
        assert json.loads(await socket.receive_str())["error"]["code"] == 2
        await socket.send_json({"method": "SUBSCRIBE", "params": streams, "id": 2})
        assert json.loads(await socket.receive_str()) == {"result": None, "id": 2}
        first = venue.world.update_ids["BTCUSDT"]
        for price in ("61000", "62000"):
            venue._set_price({"symbol": "BTCUSDT", "price": price})
        venue.controls()["trade"]({"symbol": "BTCUSDT", "side": "sell", "price": "61999.99", "amount": "0.5"})
        told = [json.loads(await socket.receive_str()) for _ in range(5)]
        depths = [one for one in told if one.get("e") == "depthUpdate"]
        assert depths[0]["U"] == first + 1
        assert depths[1]["U"] == depths[0]["u"] + 1
        tickers = [one for one in told if "e" not in one]
        assert [one["b"] for one in tickers] == ["60999.99000000", "61999.99000000"]
        assert [(one["p"], one["m"]) for one in told if one.get("e") == "trade"] == [("61999.99000000", True)]


async def test_the_venue_runs_as_a_process_and_is_driven_over_its_control_door() -> None:
    root = Path(__file__).parents[2]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.venues.binance", "--port", "0", stdout=asyncio.subprocess.PIPE, cwd=root
    )
    assert process.stdout is not None
    try:
        address = (await asyncio.wait_for(process.stdout.readline(), 30)).decode().strip()
        async with aiohttp.ClientSession() as session:

            async def control(name: str, **values: Any) -> Any:
                async with session.post(f"{address}/control/{name}", json=values) as answer:
                    assert answer.status == 200, name
                    return await answer.json()

            await control("key", key="k", secret="s", balances={"USDT": "500"}, can_withdraw=True)
            await control("price", symbol="CRVUSDT", price="0.6")
            await control("order", key="k", client_id="hand1", symbol="CRVUSDT", side="buy", amount="100")
            await control("order", key="k", client_id="hand2", symbol="CRVUSDT", side="buy", amount="100", price="0.59")
            refused = await control("order", key="k", client_id="hand3", symbol="CRVUSDT", side="buy", amount="0.1")
            assert refused["refused"] == -1013
            await control("book", symbol="CRVUSDT", bids=[["0.59", "1000"]], asks=[["0.61", "1000"]])
            await control("trade", symbol="CRVUSDT", side="sell", price="0.58", amount="10")
            await control("fault", kind="429", path="order.place")
            for name in ("cut", "silence", "mute", "garbage", "refuse"):
                await control(name, scope="market")
            await control("clock", ahead=100)
            for name in ("gap", "duplicate", "heal"):
                await control(name)
            truth = await control("truth", key="k")
            assert [order["status"] for order in truth["orders"]] == ["filled", "partly_filled"]
            assert len(truth["fills"]) == 2
            async with session.post(f"{address}/control/nothing") as answer:
                assert answer.status == 404
    finally:
        process.terminate()
        assert await process.wait() == 0
