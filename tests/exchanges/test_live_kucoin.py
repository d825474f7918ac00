"""KuCoin's habits, each as the local venue reproduces it, and what the gateway makes of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import ccxt.pro
import pytest

from tests.venues.faults import FaultKind
from tests.venues.kucoin.driver import KEY
from tests.venues.kucoin.server import KucoinVenue
from tests.venues.spot.both import hearing_book, hearing_private, listening, until
from tests.venues.spot.client import SYMBOL, as_order, connected, new_order
from trading.core.orders import OrderEvent
from trading.exchanges.errors import Rejected, Unavailable
from trading.exchanges.gateway import Accepted
from trading.exchanges.live import LiveGateway, MarketsShelf
from trading.exchanges.live.connection import rewritten
from trading.exchanges.live.kucoin_wording import of_batch

D = Decimal
MARKET = "CRV-USDT"


@pytest.fixture
async def venue() -> AsyncIterator[KucoinVenue]:
    async with KucoinVenue() as running:
        yield running


@pytest.fixture
async def bare(venue: KucoinVenue) -> AsyncIterator[Any]:
    """ccxt's own class, as it comes."""
    exchange = ccxt.pro.kucoin({"apiKey": KEY.key, "secret": KEY.secret, "password": KEY.passphrase})
    exchange.options |= {"uta": False, "hf": True, "fetchMarkets": {"types": ["spot"]}}
    exchange.urls["api"] = rewritten(exchange.urls["api"], venue.address)
    exchange.has["fetchCurrencies"] = False
    exchange.timeout_on_exit = 0
    exchange.set_markets(await exchange.fetch_markets({"marginables": False}))
    yield exchange
    await exchange.close()


def of_orders(venue: KucoinVenue) -> set[str]:
    return {name for name in venue.requests if "order" in name and "orderbook" not in name}


class OnePage:
    def __init__(self) -> None:
        self.text: str | None = None

    async def load(self, venue: str) -> str | None:
        return self.text

    async def save(self, venue: str, text: str) -> None:
        self.text = text


# High-frequency endpoints, always


async def test_with_cached_markets_the_right_endpoints_are_used_too(venue: KucoinVenue) -> None:
    """ccxt leaves its switch unset then, and the older endpoints do not know a finished order."""
    cache = OnePage()
    async with connected("kucoin", venue, credentials=KEY, shelf=MarketsShelf(cache)):
        pass
    loads = venue.requests["GET /api/v2/symbols"]
    async with connected("kucoin", venue, credentials=KEY, shelf=MarketsShelf(cache)) as gateway:
        assert venue.requests["GET /api/v2/symbols"] == loads
        await _a_whole_life(gateway)
        async with hearing_book(gateway) as ear:
            assert ear.heard[0].mid == D("0.5")
    assert of_orders(venue)
    assert all("/hf/" in name for name in of_orders(venue))


async def _a_whole_life(gateway: LiveGateway) -> None:
    orders = [new_order("mg0"), new_order("mg1"), new_order("mg2", price=None)]
    assert all(isinstance(outcome, Accepted) for outcome in await gateway.place(orders))
    await gateway.cancel([as_order(order) for order in orders[:2]])
    report = await gateway.order(as_order(orders[0]))
    assert report is not None
    assert report.event is OrderEvent.CANCELED


async def test_the_older_endpoint_forgets_finished_orders(venue: KucoinVenue, bare: Any) -> None:
    async with connected("kucoin", venue, credentials=KEY) as gateway:
        await gateway.place([new_order("mg0")])
        await gateway.cancel([as_order(new_order("mg0"))])
    with pytest.raises(ccxt.BaseError):
        await bare.fetch_order(None, SYMBOL, {"clientOrderId": "mg0", "hf": False})
    found = await bare.fetch_order(None, SYMBOL, {"clientOrderId": "mg0"})
    assert found["status"] == "canceled"


async def test_nothing_private_is_asked_to_learn_the_markets(venue: KucoinVenue) -> None:
    async with connected("kucoin", venue, credentials=KEY):
        assert set(venue.requests) == {"GET /api/v2/symbols", "GET /api/v1/market/allTickers"}


# Batches


async def test_ccxt_hands_out_an_empty_list_although_all_were_placed(venue: KucoinVenue, bare: Any) -> None:
    one = {"symbol": SYMBOL, "type": "limit", "side": "buy", "amount": "20", "price": "0.45"}
    assert await bare.create_orders([{**one, "params": {"clientOid": f"mg{number}"}} for number in range(3)]) == []
    assert len(venue.truth()["orders"]) == 3


async def test_orders_that_a_batch_does_not_mention_are_asked_for(venue: KucoinVenue) -> None:
    venue.fault(FaultKind.NO_ID, "orders/multi")
    async with connected("kucoin", venue, credentials=KEY) as gateway:
        outcomes = await gateway.place([new_order("mg0"), new_order("mg1")])
        told = [order["id"] for order in venue.truth()["orders"]]
        assert [outcome.venue_id for outcome in outcomes if isinstance(outcome, Accepted)] == told
        assert all(outcome.report is not None for outcome in outcomes if isinstance(outcome, Accepted))


def test_a_batch_is_read_in_both_of_its_forms_and_words_that_are_not_known_prove_nothing() -> None:
    told = of_batch(
        [
            {"clientOid": "a", "id": "1", "status": "success", "failMsg": None},
            {"clientOid": "b", "orderId": "2", "success": True},
            {"clientOid": "c", "success": False, "failMsg": "Balance insufficient!"},
            {"clientOid": "d", "status": "fail", "failMsg": "something new"},
            {"success": False, "failMsg": "Balance insufficient!"},
        ]
    )
    assert set(told) == {"a", "b", "c"}
    assert isinstance(told["c"], Rejected)
    assert told["c"].reason == "insufficient_funds"


async def test_twelve_orders_are_three_requests(venue: KucoinVenue) -> None:
    async with connected("kucoin", venue, credentials=KEY) as gateway:
        await gateway.place([new_order(f"mg{number:02}", amount="12") for number in range(12)])
        assert venue.requests["POST /api/v1/hf/orders/multi"] == 3


# Codes


async def test_one_code_for_an_increment_and_for_funds_is_told_apart(venue: KucoinVenue, bare: Any) -> None:
    """ccxt takes it for insufficient funds in both cases."""
    with pytest.raises(ccxt.InsufficientFunds):
        await bare.privatePostHfOrders(
            {"clientOid": "mgx", "symbol": MARKET, "side": "buy", "type": "limit", "size": "20", "price": "0.45001"}
        )
    async with connected("kucoin", venue, credentials=KEY) as gateway:
        (outcome,) = await gateway.place([new_order("mg0", price="0.45001")])
        assert isinstance(outcome, Rejected)
        assert (outcome.reason, outcome.code) == ("invalid_order", "600100")


async def test_altering_keeps_the_client_id_and_makes_another_order(venue: KucoinVenue, bare: Any) -> None:
    """Why the gateway does not: two orders carry one client id, and an answer that is lost hides the second."""
    async with connected("kucoin", venue, credentials=KEY) as gateway:
        await gateway.place([new_order("mg0")])
        first = await gateway.order(as_order(new_order("mg0")))
        await bare.privatePostHfOrdersAlter({"clientOid": "mg0", "symbol": MARKET, "newPrice": "0.44"})
        second = await gateway.order(as_order(new_order("mg0")))
        assert first is not None
        assert second is not None
        assert (first.client_id, second.client_id) == ("mg0", "mg0")
        assert first.venue_id != second.venue_id
        assert second.price == D("0.44")


# The account


@pytest.mark.parametrize(
    ("permissions", "expected"), [("General,Spot", False), ("General,Withdrawal", True), ("", None)]
)
async def test_a_key_that_may_withdraw_is_told(venue: KucoinVenue, permissions: str, expected: bool | None) -> None:
    venue.account().permissions = permissions
    async with connected("kucoin", venue, credentials=KEY) as gateway:
        account = await gateway.account()
        assert (account.can_withdraw, account.equity) == (expected, None)
        await gateway.account()
        assert venue.requests["GET /api/v1/user/api-key"] == 1


async def test_balances_tell_what_orders_hold(venue: KucoinVenue) -> None:
    async with connected("kucoin", venue, credentials=KEY) as gateway:
        await gateway.place([new_order("mg0", amount="100", price="0.4")])
        account = await gateway.account()
        assert account.total["USDT"] == 1000
        assert account.free["USDT"] == D(1000) - 40 * D("1.0006")


# Sockets


async def test_ccxt_alone_waits_for_six_changes_before_it_shows_a_book(venue: KucoinVenue, bare: Any) -> None:
    async with listening(_books_of(bare)) as ear:
        await until(lambda: venue.sockets.sessions)
        await until(lambda: any(session.topics for session in venue.sockets.sessions))
        for number in range(5):
            venue.world.set_price(MARKET, D("0.5") + D(number + 1) / 1000)
        await until(lambda: venue.requests["POST /api/v1/bullet-public"] == 1, 1)
        assert ear.heard == []
        for number in range(3):
            venue.world.set_price(MARKET, D("0.6") + D(number + 1) / 1000)
        await until(lambda: ear.heard)


async def _books_of(bare: Any) -> AsyncIterator[Any]:
    while True:
        yield await bare.watch_order_book(SYMBOL)


async def test_every_connection_has_a_token_of_its_own(venue: KucoinVenue) -> None:
    async with connected("kucoin", venue, credentials=KEY) as gateway:
        for _ in range(3):
            async with hearing_book(gateway) as ear:
                await venue.sockets.cut()
                await until(lambda ear=ear: ear.error)  # type: ignore[misc]
        assert venue.requests["POST /api/v1/bullet-public"] == 3


async def test_an_expired_token_is_replaced(venue: KucoinVenue) -> None:
    async with connected("kucoin", venue, credentials=KEY) as gateway:
        async with hearing_private(gateway):
            pass
        venue.world.jump(timedelta(hours=25).total_seconds())
        await venue.sockets.cut()
        # The client has not heard of the cut yet and dials again with the old token: the venue says no.
        async with listening(gateway.watch_private([SYMBOL])) as ear:
            await until(lambda: ear.error)
            assert isinstance(ear.error, Unavailable)
        async with hearing_private(gateway) as ear:
            await gateway.place([new_order("mg0")])
            await until(lambda: len(ear.heard) > 1)


async def test_sockets_that_cannot_be_asked_for_are_unavailable(venue: KucoinVenue) -> None:
    async with connected("kucoin", venue, credentials=KEY) as gateway:
        venue.fault(FaultKind.BAD_GATEWAY, "bullet", count=2)
        for stream in (gateway.watch_book(SYMBOL), gateway.watch_private([SYMBOL])):
            async with listening(stream) as ear:
                await until(lambda ear=ear: ear.error)  # type: ignore[misc]
                assert isinstance(ear.error, Unavailable)
        async with hearing_book(gateway), hearing_private(gateway):
            pass
