"""What holds for the simulated exchange whatever the market and we do."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from trading.core.instrument import ZERO, Instrument, MarketKind, Side
from trading.core.ledger import Funding, fold
from trading.core.market import Book, BookLevel, Trade
from trading.core.orders import Fill, OrderReport, OrderType, TimeInForce
from trading.core.planning import MarginMode
from trading.core.simulated_exchange import SimulatedExchange
from trading.core.simulated_orders import ExchangeEvent, Liquidated, Refused

D = Decimal
START = datetime(2026, 1, 1, tzinfo=UTC)
TICK, WALLET = D("0.01"), D(1000)
PERP = Instrument(
    "paper", "P", MarketKind.PERPETUAL, "X", "USDT", price_tick=TICK, amount_step=D("0.1"), max_leverage=D(50)
)
SPOT = Instrument("paper", "S", MarketKind.SPOT, "X", "USDT", price_tick=TICK, amount_step=D("0.1"))

prices = st.integers(80, 120).map(lambda cents: cents * TICK)
amounts = st.integers(1, 2000).map(lambda tenths: tenths * D("0.1"))
sides = st.sampled_from(list(Side))
symbols = st.sampled_from(["P", "S"])
books = st.tuples(st.just("book"), symbols, prices, st.integers(1, 6), amounts)
trades = st.tuples(st.just("trade"), symbols, sides, prices, amounts)
limits = st.tuples(st.just("limit"), symbols, sides, amounts, prices, st.sampled_from(list(TimeInForce)), st.booleans())
markets = st.tuples(st.just("market"), symbols, sides, amounts, st.booleans())
stops = st.tuples(st.just("stop"), sides, amounts, prices, st.booleans())
cancels = st.tuples(st.just("cancel"), st.integers(0, 30))
amends = st.tuples(st.just("amend"), st.integers(0, 30), amounts, prices)
hours = st.tuples(st.just("hours"), st.integers(1, 9))
actions = st.lists(
    st.one_of(books, books, trades, limits, limits, markets, stops, cancels, amends, hours), min_size=20, max_size=60
)
modes = st.sampled_from(list(MarginMode))


class World:
    """Carries out actions, and keeps all that was told."""

    def __init__(self, mode: MarginMode, leverage: int) -> None:
        self.now = START
        self.exchange = SimulatedExchange([PERP, SPOT], {"USDT": WALLET, "X": D(300)})
        self.exchange.set_margin_mode("P", mode)
        self.exchange.set_leverage("P", D(leverage))
        self.events: list[ExchangeEvent] = []
        self.placed: list[str] = []
        for symbol in ("P", "S"):
            self.events += self.exchange.on_book(self.book(symbol, D("1.00"), 3, D(500)))

    def book(self, symbol: str, bid: Decimal, levels: int, amount: Decimal) -> Book:
        bids = tuple(BookLevel(bid - number * TICK, amount) for number in range(levels))
        asks = tuple(BookLevel(bid + (number + 1) * TICK, amount) for number in range(levels))
        return Book(symbol, bids, asks, self.now)

    def act(self, action: tuple[object, ...]) -> None:
        self.now += timedelta(seconds=1)
        with suppress(Refused):
            self.events += self._act(action)

    def _act(self, action: tuple[object, ...]) -> list[ExchangeEvent]:  # noqa: PLR0911  one return an action
        match action:
            case ("book", str(symbol), Decimal() as bid, int(levels), Decimal() as amount):
                return self.exchange.on_book(self.book(symbol, bid, levels, amount))
            case ("trade", str(symbol), Side() as side, Decimal() as price, Decimal() as amount):
                return self.exchange.on_trade(Trade(symbol, side, price, amount, self.now))
            case ("hours", int(count)):
                self.now += timedelta(hours=count)
                return self.exchange.on_time(self.now)
            case ("cancel", int(index)) if index < len(self.placed):
                return self.exchange.cancel(client_id=self.placed[index], now=self.now)
            case ("amend", int(index), Decimal() as amount, Decimal() as price) if index < len(self.placed):
                return self.exchange.amend(client_id=self.placed[index], price=price, amount=amount, now=self.now)
            case (
                "limit",
                str(symbol),
                Side() as side,
                Decimal() as amount,
                Decimal() as price,
                TimeInForce() as how,
                bool(reduce),
            ):
                return self._place(symbol, side, OrderType.LIMIT, amount, price=price, how=how, reduce=reduce)
            case ("market", str(symbol), Side() as side, Decimal() as amount, bool(reduce)):
                return self._place(symbol, side, OrderType.MARKET, amount, reduce=reduce)
            case ("stop", Side() as side, Decimal() as amount, Decimal() as price, bool(reduce)):
                return self._place("P", side, OrderType.STOP_MARKET, amount, trigger=price, reduce=reduce)
        return []

    def _place(
        self,
        symbol: str,
        side: Side,
        kind: OrderType,
        amount: Decimal,
        *,
        price: Decimal | None = None,
        trigger: Decimal | None = None,
        how: TimeInForce = TimeInForce.GTC,
        reduce: bool,
    ) -> list[ExchangeEvent]:
        client_id = f"c{len(self.placed)}"
        events = self.exchange.place(
            client_id=client_id,
            symbol=symbol,
            side=side,
            type=kind,
            amount=amount,
            price=price,
            trigger_price=trigger,
            time_in_force=how,
            reduce_only=reduce,
            now=self.now,
        )
        self.placed.append(client_id)
        return events

    @property
    def fills(self) -> list[Fill]:
        return [event for event in self.events if isinstance(event, Fill)]


def played(mode: MarginMode, leverage: int, script: list[tuple[object, ...]]) -> World:
    world = World(mode, leverage)
    for action in script:
        world.act(action)
    return world


many = settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
worlds = st.builds(played, modes, st.sampled_from([1, 5, 20, 50]), actions)


@many
@given(worlds)
def test_wallet_changes_by_cash_flows_fees_and_funding_to_the_last_digit(world: World) -> None:
    exchange = world.exchange
    perp = fold([fill for fill in world.fills if fill.symbol == "P"], PERP)
    spot = [fill for fill in world.fills if fill.symbol == "S"]
    cash = -sum((fill.side.sign * fill.amount * fill.price for fill in spot), ZERO)
    paid = sum((fill.fee for fill in world.fills if fill.fee_currency == "USDT"), ZERO)
    funding = sum((event.amount for event in world.events if isinstance(event, Funding)), ZERO)
    held = exchange.position("P")
    open_cost = held.cost if held else ZERO
    expected = WALLET + cash + perp.cash + open_cost - paid + funding + exchange.insurance
    assert exchange.balances()["USDT"] == expected


@many
@given(worlds)
def test_position_and_coins_are_the_sum_of_the_fills(world: World) -> None:
    held = world.exchange.position("P")
    moved = {"P": ZERO, "S": ZERO}
    for fill in world.fills:
        moved[fill.symbol] += fill.side.sign * fill.amount
    fees = sum((fill.fee for fill in world.fills if fill.fee_currency == "X"), ZERO)
    assert (held.amount if held else ZERO) == moved["P"]
    assert world.exchange.balances()["X"] == D(300) + moved["S"] - fees


@many
@given(worlds)
def test_no_order_gets_more_than_it_asked_or_a_worse_price_than_its_limit(world: World) -> None:
    for client_id in world.placed:
        order = world.exchange.order(client_id=client_id)
        assert order is not None
        fills = world.exchange.order_fills(order)
        assert sum((fill.amount for fill in fills), ZERO) == order.filled <= order.amount
        assert all(fill.amount > 0 and fill.amount % D("0.1") == 0 for fill in fills)


@many
@given(worlds)
def test_fills_respect_the_limit_that_the_order_had(world: World) -> None:
    limits: dict[str | None, Decimal | None] = {}
    for event in world.events:
        if isinstance(event, OrderReport):
            limits[event.client_id] = event.price
        elif isinstance(event, Fill) and (limit := limits.get(event.client_id)) is not None:
            assert (event.price - limit) * event.side.sign <= 0


@many
@given(worlds)
def test_reports_never_go_back_and_nothing_follows_the_final_one(world: World) -> None:
    finished: set[str] = set()
    filled: dict[str, Decimal] = {}
    for event in world.events:
        if isinstance(event, OrderReport):
            assert event.venue_id not in finished
            assert event.filled >= filled.get(event.venue_id, ZERO)
            filled[event.venue_id] = event.filled
            if event.event in ("filled", "canceled", "expired"):
                finished.add(event.venue_id)


@many
@given(worlds)
def test_reduce_only_orders_never_exceed_the_position(world: World) -> None:
    held = world.exchange.position("P")
    for side in Side:
        resting = sum(
            (
                order.remaining
                for order in world.exchange.open_orders("P")
                if order.reduce_only and order.price is not None and order.side is side
            ),
            ZERO,
        )
        assert resting <= (max(ZERO, -side.sign * held.amount) if held else ZERO)


@many
@given(worlds)
def test_nobody_owes_the_venue(world: World) -> None:
    exchange = world.exchange
    assert exchange.balances()["X"] >= 0
    if exchange.position("P") is None:
        assert exchange.balances()["USDT"] >= 0
    for event in world.events:
        if isinstance(event, Liquidated):
            assert event.price > 0


@many
@given(worlds)
def test_no_position_outlives_its_liquidation(world: World) -> None:
    held = world.exchange.position("P")
    assert held is None or not world.exchange.account.is_doomed(held, {"P": world.exchange.mark("P") or ZERO})


@many
@given(worlds)
def test_state_survives_json_and_ids_are_unique(world: World) -> None:
    text = world.exchange.dump()
    assert SimulatedExchange.load([PERP, SPOT], text).dump() == text
    ids = [fill.trade_id for fill in world.fills]
    assert len(ids) == len(set(ids))


@many
@given(
    st.lists(st.tuples(sides, st.integers(98, 102), amounts), min_size=1, max_size=12),
    st.lists(st.integers(98, 102), min_size=1, max_size=12),
)
def test_taking_within_one_book_never_gets_more_than_it_shows(
    takes: list[tuple[Side, int, Decimal]], rests: list[int]
) -> None:
    world = World(MarginMode.CROSS, 1)
    book = world.book("P", D("1.00"), 3, D(50))
    world.exchange.on_book(book)
    for side, cents, amount in takes:
        world.act(("limit", "P", side, amount, cents * TICK, TimeInForce.IOC, False))
    for side, levels in ((Side.BUY, book.asks), (Side.SELL, book.bids)):
        for level in levels:
            taken = sum((f.amount for f in world.fills if f.side is side and f.price == level.price), ZERO)
            assert taken <= level.amount


@many
@given(st.lists(amounts, min_size=1, max_size=10), amounts, amounts)
def test_queue_is_fair_whoever_stands_before_us_is_served_first(
    passing: list[Decimal], standing: Decimal, ours: Decimal
) -> None:
    exchange = SimulatedExchange([SPOT], {"USDT": D(10_000)})
    world_book = Book("S", (BookLevel(D("1.00"), standing),), (BookLevel(D("1.10"), D(5)),), START)
    exchange.on_book(world_book)
    exchange.place(
        client_id="ours", symbol="S", side=Side.BUY, type=OrderType.LIMIT, amount=ours, price=D("1.00"), now=START
    )
    for amount in passing:
        exchange.on_trade(Trade("S", Side.SELL, D("1.00"), amount, START))
    served = sum((fill.amount for fill in exchange.fills()), ZERO)
    assert served == min(ours, max(ZERO, sum(passing, ZERO) - standing))
