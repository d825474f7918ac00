"""A venue of which nobody knows more than ccxt's tables: what is asked, set, sent and believed there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, ClassVar

import ccxt.pro
import pytest

from tests.venues.bitget.client import MARKET, SYMBOL, as_order, connected, new_order
from tests.venues.bitget.server import BitgetVenue
from trading.core.instrument import MarketKind, Side
from trading.core.orders import OrderEvent, TimeInForce
from trading.core.planning import MarginMode
from trading.exchanges.errors import OutcomeUnknown, Rejected, Unavailable
from trading.exchanges.gateway import Accepted
from trading.exchanges.live import LiveGateway
from trading.exchanges.live.profiles import Profile, unproven

ID = "mg000100001000000a"


def profile(**has: bool) -> Profile:
    made = unproven(MarketKind.PERPETUAL, ccxt.pro.bitget())
    return replace(made, options={**made.options, "uta": False}, has={**made.has, **has})


@pytest.fixture
async def venue() -> AsyncIterator[BitgetVenue]:
    async with BitgetVenue() as running:
        running.world.accounts["bg-key"].exchange.set_balance("USDT", Decimal(10_000))
        yield running


@pytest.fixture
async def gateway(venue: BitgetVenue) -> AsyncIterator[LiveGateway]:
    async with connected(venue, profile=profile()) as opened:
        yield opened


async def test_hedge_mode_is_left_before_anything_else(venue: BitgetVenue, gateway: LiveGateway) -> None:
    account = venue.world.accounts["bg-key"]
    account.is_hedged = True
    await gateway.prepare(SYMBOL, 7, MarginMode.ISOLATED)
    assert not account.is_hedged
    assert account.exchange.account.leverage(SYMBOL) == 7
    assert account.exchange.account.mode(SYMBOL) is MarginMode.ISOLATED


async def test_what_is_as_wanted_is_not_set_again(venue: BitgetVenue, gateway: LiveGateway) -> None:
    await gateway.prepare(SYMBOL, 7, MarginMode.ISOLATED)
    before = dict(venue.requests)
    await gateway.prepare(SYMBOL, 7, MarginMode.ISOLATED)
    asked = {name for name, count in venue.requests.items() if count > before.get(name, 0) and "/account/set-" in name}
    assert {name.rpartition("/")[2] for name in asked} <= {"set-position-mode"}


@pytest.mark.parametrize(
    ("missing", "reason"),
    [
        ({"setLeverage": False}, "leverage"),
        ({"setMarginMode": False, "fetchMarginMode": False, "fetchLeverage": False}, ""),
        ({"fetchPositionMode": False, "setPositionMode": False}, ""),
    ],
)
async def test_what_cannot_be_set_is_refused_with_its_name(
    venue: BitgetVenue, missing: dict[str, bool], reason: str
) -> None:
    """The margin mode goes with every order here, and where there is no hedge mode there is nothing to leave."""
    async with connected(venue, profile=profile(**missing)) as gateway:
        if not reason:
            await gateway.prepare(SYMBOL, 7, MarginMode.ISOLATED)
            return
        with pytest.raises(Rejected) as refused:
            await gateway.prepare(SYMBOL, 7, MarginMode.ISOLATED)
        assert refused.value.reason == reason


async def test_a_refusal_is_unknown_until_the_venue_proves_it(venue: BitgetVenue, gateway: LiveGateway) -> None:
    new = new_order(ID, amount="5", price="0.4")
    (outcome,) = await gateway.place([new])
    assert isinstance(outcome, OutcomeUnknown)
    assert "minimum amount" in outcome.refusal
    assert await gateway.order(as_order(new)) is None


async def test_an_order_without_its_answer_is_found_by_our_id_and_canceled_by_it(
    venue: BitgetVenue, gateway: LiveGateway
) -> None:
    new = new_order(ID)
    (placed,) = await gateway.place([new])
    assert isinstance(placed, Accepted)
    report = await gateway.order(as_order(new))
    assert report is not None
    assert (report.client_id, report.venue_id, report.event) == (ID, placed.venue_id, OrderEvent.ACCEPTED)
    (canceled,) = await gateway.cancel([as_order(new)])
    assert isinstance(canceled, Accepted)
    ended = await gateway.order(as_order(new, placed.venue_id))
    assert ended is not None
    assert ended.event is OrderEvent.CANCELED


@pytest.mark.parametrize("ending", ["open", "canceled", "filled"])
async def test_where_no_order_can_be_asked_for_the_lists_tell(venue: BitgetVenue, ending: str) -> None:
    events = {"open": OrderEvent.ACCEPTED, "canceled": OrderEvent.CANCELED, "filled": OrderEvent.FILLED}
    async with connected(venue, profile=profile(fetchOrder=False)) as gateway:
        new = new_order(ID, price=None if ending == "filled" else "0.45")
        (placed,) = await gateway.place([new])
        assert isinstance(placed, Accepted)
        if ending == "canceled":
            await gateway.cancel([as_order(new, placed.venue_id)])
        report = await gateway.order(as_order(new))
        assert report is not None
        assert (report.client_id, report.event) == (ID, events[ending])
        assert await gateway.order(as_order(new_order("mg000100001000000b"))) is None


async def test_an_order_that_is_listed_without_our_id_is_never_called_absent(venue: BitgetVenue) -> None:
    class Nameless:
        """A ccxt class that does not tell client ids in its lists."""

        def parse_order(self, *told: Any) -> Any:
            return {**super().parse_order(*told), "clientOrderId": None}  # type: ignore[misc]  a mixin before ccxt's

    nameless = replace(profile(fetchOrder=False), mixins=(Nameless,))
    async with connected(venue, profile=nameless) as gateway:
        new = new_order(ID, amount="20", price="0.45")
        (placed,) = await gateway.place([new])
        assert isinstance(placed, Accepted)
        with pytest.raises(Unavailable, match="could be this one"):
            await gateway.order(as_order(new))
        assert await gateway.order(as_order(new, placed.venue_id)) is not None
        assert await gateway.order(as_order(new_order(ID, amount="21", price="0.45"))) is None


def trade(number: int, at: int) -> dict[str, Any]:
    return {
        "id": str(number), "order": "7", "symbol": SYMBOL, "side": "buy", "price": 0.5, "amount": 1, "timestamp": at,
    }  # fmt: skip


class OneMoment:
    """More was traded at one moment than a page holds."""

    async def fetch_my_trades(self, symbol: str, since: int, limit: int) -> list[dict[str, Any]]:
        return [trade(number, 1) for number in range(limit)]


class Endless:
    """Whatever is asked for, there is more."""

    async def fetch_my_trades(self, symbol: str, since: int, limit: int) -> list[dict[str, Any]]:
        return [trade(since + number, since + number) for number in range(1, limit + 1)]


class Paged:
    """All there is, oldest first, a page at a time."""

    async def fetch_my_trades(self, symbol: str, since: int, limit: int) -> list[dict[str, Any]]:
        every = [trade(number, 1_800_000_000_000 + number // 2) for number in range(250)]
        return [each for each in every if each["timestamp"] >= since][:limit]


@pytest.mark.parametrize("habit", [OneMoment, Endless])
async def test_a_list_that_cannot_be_read_to_its_end_is_no_list(venue: BitgetVenue, habit: type) -> None:
    async with connected(venue, profile=replace(profile(), mixins=(habit,))) as gateway:
        with pytest.raises(Unavailable):
            await gateway.fills(SYMBOL, datetime(2026, 1, 1, tzinfo=UTC))


async def test_a_list_of_several_pages_is_read_to_its_end(venue: BitgetVenue) -> None:
    async with connected(venue, profile=replace(profile(), mixins=(Paged,))) as gateway:
        found = await gateway.fills(SYMBOL, datetime(2026, 1, 1, tzinfo=UTC))
        assert [fill.trade_id for fill in found] == [str(number) for number in range(250)]


async def test_what_the_venue_does_not_offer_is_refused_before_it_is_sent(
    venue: BitgetVenue, gateway: LiveGateway
) -> None:
    before = sum(venue.requests.values())
    stop = new_order(ID, trigger="0.4")
    nowhere = new_order(ID, symbol="NOTHING/USDT:USDT")
    outcomes = await gateway.place([stop, nowhere])
    assert [type(outcome) for outcome in outcomes] == [Rejected, Rejected]
    assert sum(venue.requests.values()) == before


async def test_a_venue_without_post_only_orders_is_never_sent_one(venue: BitgetVenue) -> None:
    class Plain:
        """ccxt's table, as it is for exchanges without such orders."""

        features: ClassVar[dict[str, Any]] = {
            "swap": {"linear": {"createOrder": {"timeInForce": {"PO": False, "IOC": False}}}}
        }

    async with connected(venue, profile=replace(profile(), mixins=(Plain,))) as gateway:
        wanted = [new_order(ID, time_in_force=kind) for kind in (TimeInForce.POST_ONLY, TimeInForce.IOC)]
        outcomes = await gateway.place(wanted)
        assert [type(outcome) for outcome in outcomes] == [Rejected, Rejected]
        assert venue.world.accounts["bg-key"].exchange.open_orders() == []


async def test_a_stream_only_wakes_and_what_it_means_is_asked(venue: BitgetVenue, gateway: LiveGateway) -> None:
    """Bitget tells with each update what that filled; taken for the sum it would count too little."""
    new = new_order(ID, amount="30", price="0.5", margin_mode=MarginMode.CROSS)
    heard = gateway.watch_private([SYMBOL])
    first = await anext(heard)
    await gateway.place([new])
    for _ in range(3):
        venue.world.trade(MARKET, Side.SELL, Decimal("0.5"), Decimal(10))
    told = [first]
    while not any(getattr(event, "event", None) is OrderEvent.FILLED for event in told):
        told.append(await anext(heard))
    assert max(event.filled for event in told if hasattr(event, "filled")) == 30
    assert sum(event.amount for event in told if hasattr(event, "trade_id")) == 30
    await heard.aclose()  # type: ignore[attr-defined]  a generator, of which the Protocol knows nothing


@pytest.mark.parametrize("read", ["account", "book", "positions", "order", "fills", "candles", "tiers"])
async def test_an_answer_of_another_shape_is_no_answer(venue: BitgetVenue, read: str) -> None:
    class Odd:
        """A ccxt class whose parsing forgets what it promises."""

        async def fetch_balance(self, *_: object) -> object:
            return {"free": {}}

        async def fetch_order_book(self, *_: object) -> object:
            return {"bids": [[None, 1]], "asks": []}

        async def fetch_positions(self, *_: object) -> object:
            return [{"contracts": "many"}]

        async def fetch_order(self, *_: object) -> object:
            return {"id": "1", "status": None}

        async def fetch_my_trades(self, *_: object) -> object:
            return [{"id": "1", "timestamp": 1, "price": None}]

        async def fetch_ohlcv(self, *_: object) -> object:
            return [[1, None]]

        async def fetch_market_leverage_tiers(self, *_: object) -> object:
            return [{"maxNotional": None}]

    async with connected(venue, profile=replace(profile(), mixins=(Odd,))) as gateway:
        if read == "tiers":
            assert (await gateway.instrument(SYMBOL)).tiers == ()
            return
        asked = {
            "account": gateway.account,
            "book": lambda: gateway.book(SYMBOL),
            "positions": gateway.positions,
            "order": lambda: gateway.order(as_order(new_order(ID), "1")),
            "fills": lambda: gateway.fills(SYMBOL, datetime.now(UTC)),
            "candles": lambda: gateway.candles(SYMBOL, "1m", 5),
        }
        with pytest.raises(Unavailable):
            await asked[read]()
