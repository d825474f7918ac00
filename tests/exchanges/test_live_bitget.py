"""Bitget's habits, each as the local venue reproduces it, and what the gateway makes of it."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from tests.venues.bitget.client import MARKET, SYMBOL, as_order, connected, new_order
from tests.venues.bitget.server import BitgetVenue
from tests.venues.faults import FaultKind
from trading.core.diff import AmendMode
from trading.core.instrument import MarginTier, Side
from trading.core.orders import OrderEvent, Role, TimeInForce
from trading.core.planning import MarginMode
from trading.exchanges.errors import OutcomeUnknown, Rejected, Unavailable
from trading.exchanges.gateway import Accepted
from trading.exchanges.live import MarketsShelf, bitget_wording, live_gateway
from trading.exchanges.live.connection import addresses, rewritten
from trading.exchanges.venues import Credentials
from trading.runtime.recovery import stray_order

D = Decimal
AN_HOUR_AGO = timedelta(hours=1)


@pytest.fixture
async def venue() -> AsyncIterator[BitgetVenue]:
    async with BitgetVenue() as running:
        yield running


# Markets


async def test_a_market_is_read_exactly(venue: BitgetVenue) -> None:
    async with connected(venue) as gateway:
        crv = await gateway.instrument(SYMBOL)
        assert (crv.price_tick, crv.amount_step, crv.min_cost, crv.min_amount) == (D("0.0001"), D("0.1"), 5, D("0.1"))
        assert (crv.maker_fee, crv.taker_fee, crv.max_leverage) == (D("0.0002"), D("0.0006"), 50)
        assert crv.tiers[0] == MarginTier(D(500_000), D("0.01"), D(50))
        assert set(gateway.instruments()) == {SYMBOL, "BTC/USDT:USDT", "ETH/USDT:USDT"}
        with pytest.raises(KeyError):
            await gateway.instrument("NOPE/USDT:USDT")
        assert gateway.capabilities.amend is AmendMode.NONE
        assert gateway.capabilities.place_batch == 50


class OnePage:
    def __init__(self, text: str | None = None) -> None:
        self.text = text

    async def load(self, venue: str) -> str | None:
        return self.text

    async def save(self, venue: str, text: str) -> None:
        self.text = text


async def test_markets_are_loaded_once_and_kept(venue: BitgetVenue) -> None:
    cache = OnePage()
    shelf = MarketsShelf(cache)
    async with connected(venue, shelf=shelf) as first, connected(venue, shelf=shelf) as second:
        assert first.instruments() == second.instruments()
        loads = sum(count for path, count in venue.requests.items() if "contracts" in path)
        async with connected(venue, shelf=MarketsShelf(cache)) as third:
            assert third.instruments() == first.instruments()
            assert (await third.book(SYMBOL)).bid == D("0.4999")
        assert sum(count for path, count in venue.requests.items() if "contracts" in path) == loads


@pytest.mark.parametrize("text", ["not json", "{}", '{"at": 0, "markets": [], "currencies": {}}', "[1]"])
async def test_a_spoiled_or_stale_cache_is_not_used(venue: BitgetVenue, text: str) -> None:
    async with connected(venue, shelf=MarketsShelf(OnePage(text))) as gateway:
        assert SYMBOL in gateway.instruments()


async def test_an_old_cache_is_not_used(venue: BitgetVenue) -> None:
    cache = OnePage()
    async with connected(venue, shelf=MarketsShelf(cache)):
        pass
    stored = json.loads(cache.text or "")
    cache.text = json.dumps({**stored, "at": time.time() - 2 * 24 * 3600})
    before = venue.requests["GET /api/v2/mix/market/contracts"]
    async with connected(venue, shelf=MarketsShelf(cache)):
        assert venue.requests["GET /api/v2/mix/market/contracts"] > before


# Addresses


def test_every_address_is_moved_and_keeps_its_path() -> None:
    gateway = live_gateway("bitget", None, address="http://127.0.0.1:9")
    found = set(addresses(gateway._wire.exchange))
    assert {address.split("/")[2] for address in found} == {"127.0.0.1:9"}
    assert "ws://127.0.0.1:9/v2/ws/private" in found
    moved = rewritten({"a": ["https://x.y/v1", {"b": "wss://s.y/ws?k=1"}], "c": 5}, "https://proxy.example/base/")
    assert moved == {"a": ["https://proxy.example/base/v1", {"b": "wss://proxy.example/base/ws?k=1"}], "c": 5}


@pytest.mark.parametrize("address", ["http://example.com", "ftp://127.0.0.1", "127.0.0.1:80", "ws://127.0.0.1"])
def test_an_address_is_encrypted_or_this_machine(address: str) -> None:
    with pytest.raises(ValueError, match="address"):
        live_gateway("bitget", None, address=address)


# Batches


async def test_refused_orders_of_a_batch_are_told_each_by_its_code(venue: BitgetVenue) -> None:
    async with connected(venue) as gateway:
        orders = [new_order("mg0"), new_order("mg1", amount="1"), new_order("mg2", amount="20.01"), new_order("mg3")]
        outcomes = await gateway.place(orders)
        assert [type(outcome) for outcome in outcomes] == [Accepted, Rejected, Rejected, Accepted]
        assert isinstance(outcomes[1], Rejected)
        assert outcomes[1].reason == "below_min_cost"
        everything_bad = await gateway.place([new_order("mg4", amount="1"), new_order("mg5", amount="1")])
        assert all(isinstance(outcome, Rejected) for outcome in everything_bad)


async def test_sixty_orders_are_two_requests_and_keep_their_order(venue: BitgetVenue) -> None:
    async with connected(venue) as gateway:
        orders = [new_order(f"mg{number:03}", amount="12", price=f"0.{4300 + number}") for number in range(60)]
        outcomes = await gateway.place(orders)
        told = {order["client_id"]: order["id"] for order in venue.truth()["orders"]}
        assert [outcome.venue_id for outcome in outcomes if isinstance(outcome, Accepted)] == [
            told[order.client_id] for order in orders
        ]
        assert venue.requests["POST /api/v2/mix/order/batch-place-order"] == 2
        canceled = await gateway.cancel([as_order(order) for order in orders])
        assert all(isinstance(outcome, Accepted) for outcome in canceled)
        assert venue.requests["POST /api/v2/mix/order/batch-cancel-orders"] == 2


async def test_an_order_that_a_batch_does_not_mention_is_unknown(venue: BitgetVenue) -> None:
    venue.fault(FaultKind.NO_ID, "batch-place-order")
    async with connected(venue) as gateway:
        outcomes = await gateway.place([new_order("mg0"), new_order("mg1")])
        assert all(isinstance(outcome, OutcomeUnknown) for outcome in outcomes)
        assert len(venue.truth()["orders"]) == 2


async def test_failed_cancels_of_a_batch_are_told(venue: BitgetVenue) -> None:
    async with connected(venue) as gateway:
        await gateway.place([new_order("mg0"), new_order("mg1")])
        await gateway.cancel([as_order(new_order("mg0"))])
        outcomes = await gateway.cancel([as_order(new_order(name)) for name in ("mg0", "mg1", "mgnever")])
        assert [getattr(outcome, "reason", "accepted") for outcome in outcomes] == [
            "not_found",
            "accepted",
            "not_found",
        ]


async def test_numbers_cross_as_plain_strings(venue: BitgetVenue) -> None:
    async with connected(venue) as gateway:
        await gateway.place([new_order("mg0", amount="1E+2"), new_order("mg1", amount="100.0", price="0.4500")])
        assert [(order["amount"], order["price"]) for order in venue.truth()["orders"]] == [("100", "0.45")] * 2


async def test_an_order_that_cannot_be_said_is_refused_and_not_sent(venue: BitgetVenue) -> None:
    async with connected(venue) as gateway:
        wordless = [
            replace(new_order("mg0"), margin_mode=None),
            new_order("mg1", symbol="NOPE/USDT:USDT"),
            new_order("mg2"),
        ]
        outcomes = await gateway.place(wordless)
        assert [type(outcome) for outcome in outcomes] == [Rejected, Rejected, Accepted]
        (canceled,) = await gateway.cancel([as_order(wordless[1])])
        assert isinstance(canceled, Rejected)
        with pytest.raises(Unavailable):
            await gateway.order(as_order(wordless[1]))


async def test_a_refused_question_is_unavailable(venue: BitgetVenue) -> None:
    venue.fault(FaultKind.CODE, "all-position", code="40017", count=3)
    async with connected(venue) as gateway:
        with pytest.raises(Unavailable):
            await gateway.positions()


# Ids


async def test_a_repeated_id_is_a_proven_refusal_even_when_the_first_is_finished(venue: BitgetVenue) -> None:
    async with connected(venue) as gateway:
        await gateway.place([new_order("mg0")])
        await gateway.cancel([as_order(new_order("mg0"))])
        (outcome,) = await gateway.place([new_order("mg0")])
        assert isinstance(outcome, Rejected)
        assert (outcome.reason, outcome.code) == ("duplicate_id", "40786")


async def test_an_unknown_order_is_none(venue: BitgetVenue) -> None:
    async with connected(venue) as gateway:
        assert await gateway.order(as_order(new_order("mgnever"))) is None
        assert await gateway.order(as_order(new_order("mgnever", "sell", trigger="0.4"))) is None
        assert await gateway.order_fills(as_order(new_order("mgnever"))) == []


async def test_fills_made_by_hand_carry_no_client_id(venue: BitgetVenue) -> None:
    async with connected(venue) as gateway:
        ours = new_order("mg0", price=None)
        (outcome,) = await gateway.place([ours])
        assert isinstance(outcome, Accepted)
        by_hand = new_order("hand1", price=None)
        await gateway.place([by_hand])
        fills = await gateway.fills(SYMBOL, datetime.now(UTC) - AN_HOUR_AGO)
        assert [fill.client_id for fill in fills] == [None, None]
        own = await gateway.order_fills(as_order(ours, outcome.venue_id))
        assert [(fill.client_id, fill.venue_order_id) for fill in own] == [("mg0", outcome.venue_id)]
        assert own == await gateway.order_fills(as_order(ours))


# Lists are read to their end


async def test_lists_beyond_a_hundred_are_read_to_the_end(venue: BitgetVenue) -> None:
    async with connected(venue) as gateway:
        orders = [new_order(f"mg{number:03}", amount="12", price="0.45") for number in range(230)]
        await gateway.place(orders)
        opened = await gateway.open_orders([SYMBOL])
        assert {report.client_id for report in opened} == {order.client_id for order in orders}
        assert venue.requests["GET /api/v2/mix/order/orders-pending"] == 3
        venue.world.set_price(MARKET, D("0.44"), amount=D(10_000))
        fills = await gateway.fills(SYMBOL, datetime.now(UTC) - timedelta(days=20))
        assert len({fill.trade_id for fill in fills}) == 230
        assert fills == sorted(fills, key=lambda fill: int(fill.trade_id))
        history = await gateway.order_history(SYMBOL, datetime.now(UTC) - AN_HOUR_AGO)
        assert len({report.venue_id for report in history}) == 230
        assert all(report.event is OrderEvent.FILLED and report.filled == 12 for report in history)
        assert await gateway.open_orders([SYMBOL]) == []


async def test_the_status_check_is_one_request_while_no_trigger_is_in_use(venue: BitgetVenue) -> None:
    async with connected(venue) as gateway:
        plans = "GET /api/v2/mix/order/orders-plan-pending"
        for _ in range(3):
            await gateway.open_orders([SYMBOL, "BTC/USDT:USDT", "ETH/USDT:USDT"])
        assert venue.requests["GET /api/v2/mix/order/orders-pending"] == 3
        assert venue.requests[plans] == 1  # once after the start, to learn whether any are there
        await gateway.place([new_order("mg0", price=None)])
        stop = new_order("mgstop", "sell", trigger="0.4", reduce_only=True)
        await gateway.place([stop])
        assert "mgstop" in {report.client_id for report in await gateway.open_orders([SYMBOL])}
        assert venue.requests[plans] == 2
    async with connected(venue) as fresh:
        assert "mgstop" in {report.client_id for report in await fresh.open_orders([SYMBOL])}
        assert "mgstop" not in {report.client_id for report in await fresh.open_orders(["BTC/USDT:USDT"])}


# Reduce-only, post-only, triggers


async def test_reduce_only_beyond_the_position_cancels_the_oldest_and_answers_without_an_id(venue: BitgetVenue) -> None:
    async with connected(venue) as gateway:
        await gateway.place([new_order("mg0", price=None)])
        first, second = (new_order(f"mgtp{n}", "sell", price=f"0.5{n}", reduce_only=True) for n in (2, 3))
        await gateway.place([first])
        (outcome,) = await gateway.place([second])
        assert isinstance(outcome, OutcomeUnknown)
        reports = [await gateway.order(as_order(order)) for order in (first, second)]
        assert [report.event for report in reports if report] == [OrderEvent.CANCELED, OrderEvent.ACCEPTED]


async def test_a_post_only_order_that_would_take_is_accepted_and_canceled(venue: BitgetVenue) -> None:
    async with connected(venue) as gateway:
        order = new_order("mg0", price="0.6", time_in_force=TimeInForce.POST_ONLY)
        (outcome,) = await gateway.place([order])
        assert isinstance(outcome, Accepted)
        report = await gateway.order(as_order(order))
        assert report is not None
        assert (report.event, report.filled, report.venue_id) == (OrderEvent.CANCELED, 0, outcome.venue_id)
        assert await gateway.fills(SYMBOL, datetime.now(UTC) - AN_HOUR_AGO) == []


async def test_a_stop_waits_triggers_and_is_told_with_what_it_became(venue: BitgetVenue) -> None:
    async with connected(venue) as gateway:
        await gateway.place([new_order("mg0", price=None)])
        stop = new_order("mgstop", "sell", trigger="0.48", reduce_only=True, role=Role.STOP_LOSS)
        (outcome,) = await gateway.place([stop])
        assert isinstance(outcome, Accepted)
        waiting = await gateway.order(as_order(stop))
        assert waiting is not None
        assert (waiting.event, waiting.execution_id, waiting.amount) == (OrderEvent.ACCEPTED, None, 20)
        venue.world.set_price(MARKET, D("0.47"))
        done = await gateway.order(as_order(stop))
        assert done is not None
        assert (done.event, done.filled, done.client_id) == (OrderEvent.FILLED, 20, "mgstop")
        assert done.venue_id == outcome.venue_id != done.execution_id
        fills = await gateway.order_fills(as_order(stop, outcome.venue_id))
        assert {fill.venue_order_id for fill in fills} == {done.execution_id}
        assert sum(fill.amount for fill in fills) == 20
        history = await gateway.order_history(SYMBOL, datetime.now(UTC) - AN_HOUR_AGO)
        assert done in history
        assert await gateway.positions() == []


async def test_a_stop_is_canceled_where_plans_are_kept(venue: BitgetVenue) -> None:
    async with connected(venue) as gateway:
        stop, limit = new_order("mgstop", "sell", trigger="0.4"), new_order("mg0")
        await gateway.place([stop, limit])
        outcomes = await gateway.cancel([as_order(stop), as_order(limit)])
        assert all(isinstance(outcome, Accepted) for outcome in outcomes)
        report = await gateway.order(as_order(stop))
        assert report is not None
        assert report.event is OrderEvent.CANCELED
        (again,) = await gateway.cancel([as_order(stop)])
        assert isinstance(again, Rejected)
        assert again.reason == "not_found"


async def test_a_trigger_of_ours_that_nobody_knows_is_canceled_where_plans_are_kept(venue: BitgetVenue) -> None:
    async with connected(venue) as gateway:
        stop, limit = new_order("mgstop", "sell", trigger="0.4"), new_order("mg0")
        await gateway.place([stop, limit])
    async with connected(venue) as fresh:
        strays = [stray_order(report, 1) for report in await fresh.open_orders([SYMBOL])]
        assert {stray.client_id for stray in strays} == {"mgstop", "mg0"}
        outcomes = await fresh.cancel(strays)
        assert all(isinstance(outcome, Accepted) for outcome in outcomes)
        assert await fresh.open_orders([SYMBOL]) == []


# The account


async def test_margin_mode_is_on_every_order(venue: BitgetVenue) -> None:
    async with connected(venue) as gateway:
        await gateway.prepare(SYMBOL, 20, MarginMode.ISOLATED)
        mode = MarginMode.ISOLATED
        batch = [new_order("mg1", margin_mode=mode), new_order("mg2", margin_mode=mode)]
        outcomes = [
            *await gateway.place([new_order("mg0", price=None, margin_mode=mode)]),
            *await gateway.place(batch),
            *await gateway.place([new_order("mg3", "sell", trigger="0.4", margin_mode=mode)]),
        ]
        assert all(isinstance(outcome, Accepted) for outcome in outcomes)
        (position,) = await gateway.positions()
        assert (position.margin_mode, position.leverage, position.amount) == (MarginMode.ISOLATED, 20, 20)
        assert position.liquidation_price is not None


async def test_settings_are_changed_only_where_they_differ(venue: BitgetVenue) -> None:
    async with connected(venue) as gateway:
        await gateway.prepare(SYMBOL, 20, MarginMode.ISOLATED)
        writes = sum(count for path, count in venue.requests.items() if "set-" in path)
        assert writes == 2
        await gateway.place([new_order("mg0", margin_mode=MarginMode.ISOLATED)])
        await gateway.prepare(SYMBOL, 20, MarginMode.ISOLATED)
        assert sum(count for path, count in venue.requests.items() if "set-" in path) == writes
        with pytest.raises(Rejected) as refused:
            await gateway.prepare(SYMBOL, 20, MarginMode.CROSS)
        assert refused.value.reason == "margin_mode"
        with pytest.raises(Rejected) as refused:
            await gateway.prepare(SYMBOL, 10, MarginMode.ISOLATED)
        assert refused.value.reason == "leverage"


async def test_hedge_mode_refuses_orders_until_it_is_changed(venue: BitgetVenue) -> None:
    account = venue.world.accounts["bg-key"]
    account.is_hedged = True
    async with connected(venue) as gateway:
        assert (await gateway.account()).is_hedged is True
        (outcome,) = await gateway.place([new_order("mg0")])
        assert isinstance(outcome, Rejected)
        assert outcome.reason == "position_mode"
        await gateway.prepare(SYMBOL, 20, MarginMode.CROSS)
        assert (await gateway.account()).is_hedged is False
        (outcome,) = await gateway.place([new_order("mg1")])
        assert isinstance(outcome, Accepted)
        account.is_hedged = True
        with pytest.raises(Rejected) as refused:
            await gateway.prepare(SYMBOL, 20, MarginMode.CROSS)
        assert refused.value.reason == "position_mode"


@pytest.mark.parametrize(
    ("authorities", "expected"),
    [(("coow", "stor"), False), (("coow", "wwow"), True), (("readonly", "withdraw"), True), ((), None)],
)
async def test_a_key_that_may_withdraw_is_told(
    venue: BitgetVenue, authorities: tuple[str, ...], expected: bool | None
) -> None:
    venue.world.accounts["bg-key"].authorities = authorities
    async with connected(venue) as gateway:
        assert (await gateway.account()).can_withdraw is expected


async def test_a_key_that_may_not_read_its_rights_still_works(venue: BitgetVenue) -> None:
    venue.fault(FaultKind.CODE, "spot/account/info", code="40014", count=3)
    async with connected(venue) as gateway:
        account = await gateway.account()
        assert (account.can_withdraw, account.is_hedged) == (None, False)


async def test_equity_holds_what_is_not_realized(venue: BitgetVenue) -> None:
    async with connected(venue) as gateway:
        await gateway.place([new_order("mg0", amount="1000", price=None)])
        venue.world.set_price(MARKET, D("0.55"))
        account, (position,) = await gateway.account(), await gateway.positions()
        assert account.equity is not None
        assert position.unrealized == D("49.9")
        assert account.equity - account.total["USDT"] == D("49.9")
        assert account.free["USDT"] < account.total["USDT"]


async def test_funding_is_read_with_its_sign(venue: BitgetVenue) -> None:
    async with connected(venue) as gateway:
        await gateway.place([new_order("mg0", amount="1000", price=None)])
        venue.world.jump(8 * 3600)
        (payment,) = await gateway.funding(SYMBOL, datetime.now(UTC) - AN_HOUR_AGO)
        assert payment.amount == D("-0.05")
        assert payment.symbol == SYMBOL
        assert abs(payment.at - datetime.now(UTC)) < timedelta(minutes=1)


async def test_the_book_is_read_with_our_orders_in_it(venue: BitgetVenue) -> None:
    async with connected(venue) as gateway:
        await gateway.place([new_order("mg0", price="0.5")])
        book = await gateway.book(SYMBOL, depth=3)
        assert (book.bid, book.bids[0].amount, len(book.asks)) == (D("0.5"), 20, 3)
        candles = await gateway.candles(SYMBOL, "1h", 5)
        assert len(candles) == 5
        assert candles[0].at < candles[-1].at
        assert {ticker.symbol for ticker in await gateway.tickers()} == set(gateway.instruments())


async def test_two_keys_do_not_see_each_other(venue: BitgetVenue) -> None:
    other = Credentials("bg-key-2", "bg-secret-2", "bg-pass-2")
    async with connected(venue) as first, connected(venue, credentials=other) as second:
        await asyncio.gather(first.place([new_order("mg0")]), second.place([new_order("mg0", "sell", price="0.6")]))
        (mine,), (theirs,) = await first.open_orders([SYMBOL]), await second.open_orders([SYMBOL])
        assert (mine.side, theirs.side) == (Side.BUY, Side.SELL)


@pytest.mark.parametrize(
    ("trade_side", "is_forced"),
    [
        ("sell_single", False),
        ("burst_sell_single", True),
        ("reduce_buy_single", True),
        ("delivery_sell_single", False),
        ("dte_sys_adl_sell_in_single_side_mode", False),
    ],
)
def test_a_fill_says_whether_the_venue_closed_by_force(trade_side: str, is_forced: bool) -> None:
    row = {
        "tradeId": "1",
        "orderId": "2",
        "side": "sell",
        "price": "0.5",
        "baseVolume": "3",
        "feeDetail": [{"feeCoin": "USDT", "totalFee": "-0.01"}],
        "tradeSide": trade_side,
        "tradeScope": "taker",
        "cTime": "1767225600000",
    }
    assert bitget_wording.fill(row, SYMBOL, None).liquidation is is_forced
