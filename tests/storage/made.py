"""Records and domain objects for the tests of this room, plain and by hypothesis."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from trading.core.instrument import Side
from trading.core.ledger import Funding, Ledger
from trading.core.orders import Fill, Order, OrderStatus, OrderType, Role, TimeInForce
from trading.core.planning import CycleResult, Mode
from trading.storage.records import BotRecord, UserRecord

NOW = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
SECOND = timedelta(seconds=1)
SYMBOL = "CRV/USDT:USDT"


def user_record(user_id: int, name: str = "Ann") -> UserRecord:
    return UserRecord(user_id, name, name.lower(), "en", "member", "active", NOW)


def bot_record(user_id: int, **changes: object) -> BotRecord:
    record = BotRecord(
        user_id=user_id,
        key_id=None,
        venue="paper",
        symbol=SYMBOL,
        strategy="grid",
        name="grid CRV",
        config='{"deposit": "10"}',
        active=True,
        mode=Mode.RUNNING,
        created_at=NOW,
        updated_at=NOW,
    )
    return replace(record, **changes)  # type: ignore[arg-type]  # named by the tests


def order(number: int = 1, bot_id: int = 1, **changes: object) -> Order:
    record = Order(
        client_id=f"mg0000{bot_id:05}{number:07}",
        bot_id=bot_id,
        slot=f"c1.level{number}",
        role=Role.ENTRY,
        symbol=SYMBOL,
        side=Side.BUY,
        type=OrderType.LIMIT,
        amount=Decimal("2.80"),
        price=Decimal("0.486"),
        created_at=NOW + number * SECOND,
        updated_at=NOW + number * SECOND,
    )
    return replace(record, **changes)  # type: ignore[arg-type]  # named by the tests


def final(number: int, bot_id: int = 1, **changes: object) -> Order:
    return order(number, bot_id, status=OrderStatus.CANCELED, **changes)


def fill(number: int = 1, client_id: str | None = "mg1", **changes: object) -> Fill:
    record = Fill(
        trade_id=f"t{number}",
        venue_order_id="v1",
        client_id=client_id,
        symbol=SYMBOL,
        side=Side.BUY,
        price=Decimal("0.486"),
        amount=Decimal("2.8"),
        fee=Decimal("0.00027216"),
        fee_currency="USDT",
        maker=True,
        at=NOW + number * SECOND,
    )
    return replace(record, **changes)  # type: ignore[arg-type]  # named by the tests


def payment(number: int = 1) -> Funding:
    return Funding(f"f{number}", SYMBOL, Decimal("-0.0012"), NOW + number * SECOND)


def cycle(number: int = 1, gross: str = "1.5") -> CycleResult:
    ended = NOW + number * SECOND
    return CycleResult(
        number, NOW, ended, "take_profit", Decimal(gross), Decimal("0.1"), Decimal("-0.01"), Decimal("137.34")
    )


numbers = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**15), max_value=10**15)
moments = st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)

# Notices are made by their types.
st.register_type_strategy(Decimal, numbers)

orders = st.builds(
    Order,
    client_id=st.from_regex(r"mg[0-9a-z]{16}", fullmatch=True),
    bot_id=st.just(1),
    slot=words,
    role=st.sampled_from(Role),
    symbol=words,
    side=st.sampled_from(Side),
    type=st.sampled_from(OrderType),
    amount=numbers,
    price=st.none() | numbers,
    created_at=moments,
    updated_at=moments,
    trigger_price=st.none() | numbers,
    reduce_only=st.booleans(),
    time_in_force=st.sampled_from(TimeInForce),
    one_shot=st.booleans(),
    status=st.sampled_from(OrderStatus),
    filled=numbers,
    filled_cost=numbers,
    reported_filled=numbers,
    venue_id=st.none() | words,
    execution_id=st.none() | words,
    cancel_requested=st.booleans(),
    refusal=words,
)
fills = st.builds(
    Fill,
    trade_id=words,
    venue_order_id=words,
    client_id=words,
    symbol=words,
    side=st.sampled_from(Side),
    price=numbers,
    amount=numbers,
    fee=numbers,
    fee_currency=words,
    maker=st.none() | st.booleans(),
    at=moments,
)
ledgers = st.builds(
    Ledger,
    position=numbers,
    cost=numbers,
    cash=numbers,
    fees=numbers,
    funding=numbers,
    volume=numbers,
    other_fees=st.dictionaries(words, numbers, max_size=3),
)
cycle_results = st.builds(
    CycleResult,
    number=st.integers(0, 10**9),
    started_at=moments,
    ended_at=moments,
    cause=words,
    gross=numbers,
    fees=numbers,
    funding=numbers,
    volume=numbers,
)
