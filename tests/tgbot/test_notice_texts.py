"""What notices say, to the letter: units of fields, choices by them, lines of their own, bursts."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest

from tests.tgbot.fake_desk import GUEST, NOW, FakeDesk
from tests.tgbot.telegram import parsed
from tgbot.cards.notices import About, is_silent, notice_card, notice_lines
from tgbot.words import words_for
from trading.core import notices as house
from trading.core.instrument import Side
from trading.core.telling import Loudness, Notice, StoredNotice
from trading.strategies.grid.notices import CycleFinished, EntryFilled, TakeProfitPlaced
from trading.strategies.liquidity.notices import ObligationBreached, QuoteFilled
from trading.strategies.peg.notices import BandQuoteFilled, SweepFilled
from trading.strategies.pingpong.notices import BalanceShort, LegExecuted

PERPETUAL, SPOT = "CRV/USDT:USDT", "CRV/USDT"


def stored(burst: Sequence[Notice]) -> list[StoredNotice]:
    return [StoredNotice(id=1, user_id=GUEST, bot_id=1, created_at=NOW, notice=each) for each in burst]


def finished(net: str, cooldown: int | None = 60) -> CycleFinished:
    return CycleFinished(
        symbol=PERPETUAL,
        number=2,
        cause="take_profit",
        gross=Decimal("1.5"),
        fees=Decimal("0.2"),
        funding=Decimal("-0.01"),
        net=Decimal(net),
        percent_of_position=Decimal("1.8"),
        percent_of_deposit=Decimal("12.9"),
        cooldown_seconds=cooldown,
    )


def test_whoever_came_in_is_told_by_their_number_as_it_is() -> None:
    used = house.InviteUsed(person_id=1_000_002, name="Boris")
    assert "Boris (1000002) came in" in parsed(notice_lines(About(words_for("en"), None, None), used))


def breached(spread: str | None) -> ObligationBreached:
    return ObligationBreached(
        symbol=SPOT,
        cause="market",
        spread_percent=None if spread is None else Decimal(spread),
        bid_depth=Decimal(5),
        ask_depth=Decimal("1060.5"),
        max_spread_percent=Decimal(2),
        min_depth=Decimal(1000),
    )


def refused(price: str | None, detail: str) -> house.OrderRefused:
    return house.OrderRefused(
        symbol=PERPETUAL,
        slot="c1.level2",
        side=Side.SELL,
        amount=Decimal(1),
        price=None if price is None else Decimal(price),
        reason="below_min_cost",
        detail=detail,
    )


def leg(number: int, side: Side = Side.BUY) -> LegExecuted:
    return LegExecuted(
        symbol=SPOT,
        number=number,
        side=side,
        amount=Decimal("3.10"),
        price=Decimal("0.5"),
        seconds=Decimal("67.25"),
        orders=2,
    )


def entry(price: str, position: str) -> EntryFilled:
    return EntryFilled(
        symbol=PERPETUAL,
        side=Side.SELL,
        slot="c1.level1",
        amount=Decimal("3.1"),
        price=Decimal(price),
        position=Decimal(position),
        average=Decimal("0.49123"),
    )


def exit_at(price: str) -> TakeProfitPlaced:
    return TakeProfitPlaced(
        symbol=PERPETUAL, amount=Decimal("5.5"), price=Decimal(price), average=Decimal("0.49"), moved=True
    )


def swept(side: Side) -> SweepFilled:
    return SweepFilled(
        symbol=SPOT,
        side=side,
        amount=Decimal(50),
        price=Decimal("0.976"),
        cost=Decimal("48.8"),
        edge=Decimal("0.99"),
    )


def text_of(notices: Sequence[Notice], language: str = "en") -> str:
    symbol = getattr(notices[0], "symbol", PERPETUAL)
    bot = FakeDesk(language).give_bot(GUEST, symbol, config={})
    _, _, body = parsed(notice_card(About(words_for(language), bot.id, bot), notices).text).partition("\n\n")
    return body


@pytest.mark.parametrize(
    ("language", "notice", "said"),
    [
        (
            "en",
            finished("1.29"),
            "🎉 Cycle 2 finished: take-profit\n"
            "Net +1.29 USDT (1.8 % of the position, 12.9 % of the deposit)\n"
            "Gross +1.50, fees 0.20, funding -0.01\n"
            "Next cycle in 1:00",
        ),
        (
            "ru",
            finished("-1.29", None),
            "🔻 Цикл 2 закончен: тейк-профит\n"
            "Чистыми -1.29 USDT (1.8 % от позиции, 12.9 % от депозита)\n"
            "До вычетов +1.50, комиссии 0.20, фандинг -0.01",
        ),
        (
            "en",
            breached(None),
            "📏 Obligation not kept: the market moved\n"
            "Spread none, a side is empty (at most 2 %), bids 5.00, asks 1060.50 (at least 1000.00 USDT)",
        ),
        (
            "ru",
            breached("2.345"),
            "📏 Обязательство не соблюдается: рынок сдвинулся\n"
            "Спред 2.34 % (не больше 2 %), биды 5.00, аски 1060.50 (не меньше 1000.00 USDT)",
        ),
        (
            "en",
            refused(None, "<down>"),
            "⛔ Order refused\n"
            f"sell 1 at market price: {words_for('en').plain('reason-below_min_cost')}\n"
            "The exchange says: <down>",
        ),
        (
            "ru",
            refused("0.5", ""),
            f"⛔ Отклонён 1 ордер\nпродажа 1 по 0.5000: {words_for('ru').plain('reason-below_min_cost')}",
        ),
        (
            "en",
            BalanceShort(symbol=SPOT, side=Side.SELL, currency="CRV", needed=Decimal(5), held=Decimal("1.25")),
            "💸 Not enough CRV to sell: 5 needed, 1.25 there. It goes on when there is enough.",
        ),
        (
            "ru",
            house.PositionGone(
                symbol=PERPETUAL, expected=Decimal(4), found=Decimal(0), price=Decimal("0.47"), liquidated=True
            ),
            "💀 Ликвидация около 0.4700: осталось 0 из 4.",
        ),
        (
            "en",
            swept(Side.BUY),
            "🧲 Price pushed back\nbought 50 CRV at 0.9760 on average for 48.80 USDT: asks stood at or below 0.9900",
        ),
        (
            "ru",
            swept(Side.SELL),
            "🧲 Цена возвращена в коридор\n"
            "продано 50 CRV, в среднем по 0.9760, за 48.80 USDT: покупали по 0.9900 и выше",
        ),
    ],
)
def test_a_notice_says(language: str, notice: Notice, said: str) -> None:
    assert text_of([notice], language) == said


@pytest.mark.parametrize(("count", "said"), [(1, "1 котировка"), (3, "3 котировки"), (21, "21 котировка")])
@pytest.mark.parametrize("kind", [BandQuoteFilled, QuoteFilled])
def test_quotes_that_are_filled_are_counted_and_make_no_sound(
    kind: type[BandQuoteFilled] | type[QuoteFilled], count: int, said: str
) -> None:
    burst = [kind(symbol=SPOT, side=Side.SELL, amount=Decimal(2), price=Decimal("0.5"))] * count
    assert all(each.loudness is Loudness.SILENT for each in burst)
    told = text_of(burst, "ru").split("\n")
    assert told[0].endswith(said)
    assert told[-1] == "продано 2 CRV по 0.5000"
    assert swept(Side.BUY).loudness is Loudness.LOUD


def test_a_burst_lists_the_newest_and_counts_the_others() -> None:
    told = text_of([leg(number, Side.SELL if number % 2 == 0 else Side.BUY) for number in range(1, 16)]).split("\n")
    assert told[:3] == [
        "🔹 15 legs executed",
        "…and 3 before that",
        "4: sold 3.1 at 0.5000 · 1:07, 2 orders",
    ]
    assert told[-1] == "15: bought 3.1 at 0.5000 · 1:07, 2 orders"
    assert len(told) == 14


def test_what_ends_a_burst_is_said_once_and_of_moves_only_the_last() -> None:
    burst = [entry("0.5", "-3.1"), exit_at("0.48"), entry("0.51", "-6.2"), exit_at("0.49")]
    assert text_of(burst).split("\n") == [
        "🔹 2 entries filled",
        "sold 3.1 at 0.5000",
        "sold 3.1 at 0.5100",
        "Position 6.2, average entry 0.4912",
        "🎯 Take-profit moved to 0.4900 for 5.5 (average entry 0.4900)",
    ]
    assert not is_silent(stored(burst))
    assert is_silent(stored([exit_at("0.48"), leg(1)]))


@pytest.mark.parametrize(
    ("notice", "language", "text"),
    [
        (
            house.VenueAway(venue="binance"),
            "en",
            "📡 Binance does not answer. Orders stay as they are there; I keep trying.",
        ),
        (
            house.VenueAway(venue="paper", prices_of="binance"),
            "en",
            "📡 Binance does not answer, so paper has no prices. Nothing fills until they are back; I keep trying.",
        ),
        (
            house.VenueAway(venue="paper"),
            "ru",
            "📡 На бумаге сейчас нет цен. Пока их нет, ничего не исполняется; продолжаю попытки.",
        ),
        (
            house.VenueBack(venue="paper", prices_of="mexc", seconds=75),
            "ru",
            "📡 MEXC снова отвечает, молчала 1:15: цены на бумаге есть",
        ),
        (house.VenueBack(venue="paper", seconds=75), "en", "📡 Paper has prices again, after 1:15"),
    ],
)
def test_an_exchange_that_is_away_is_named_also_where_only_paper_has_its_prices(
    notice: Notice, language: str, text: str
) -> None:
    assert parsed(notice_card(About(words_for(language), None, None), [notice]).text) == text
