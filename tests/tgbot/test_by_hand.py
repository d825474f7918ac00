"""Orders, balances, prices, a position reduced and an order canceled by hand, and all bots steered at once."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest

from tests.tgbot.fake_desk import GUEST, FakeDesk
from tests.tgbot.room import ChatRoom, make_room
from tests.tgbot.test_notice_texts import text_of
from tgbot.callbacks import BotAct, OnBot
from trading.core.instrument import Side
from trading.core.notices import CanceledOrder, ClosingDelayed, OrderTakenOff, PanicReport, PositionReduced
from trading.core.telling import Notice
from trading.desk.answers import Activity, DeskError

SYMBOL = "CRV/USDT:USDT"


def held(room: ChatRoom, **facts: object) -> int:
    facts = {"position": Decimal("55.2"), "average": Decimal("0.5"), "open_orders": 4, **facts}
    return room.desk.give_bot(GUEST, **facts).id


async def test_orders_of_all_bots_come_page_by_page_with_a_button_for_each_bot() -> None:
    room = make_room()
    for _ in range(7):
        held(room)
    held(room, activity=Activity.STOPPED, open_orders=0)
    await room.bob.say("/orders")
    assert "page 1 of 2" in room.bob.text
    assert sum("CRV/USDT (4)" in label for label in room.bob.last.buttons) == 5
    await room.bob.press("›")
    assert "page 2 of 2" in room.bob.text
    assert sum("CRV/USDT (4)" in label for label in room.bob.last.buttons) == 2
    await room.bob.press("#7")
    assert "On the exchange: 4" in room.bob.text


async def test_an_order_is_canceled_after_a_question_that_says_what_it_means() -> None:
    room = make_room()
    bot = held(room)
    await room.bob.say("/bots")
    await room.bob.press("CRV/USDT")
    await room.bob.press("Orders")
    assert sum(label.startswith("✖") for label in room.bob.last.buttons) == 3, "the take-profit has none"
    await room.bob.press("buy 0.4100")
    assert "comes back at once" in room.bob.text
    assert room.desk.changes == []
    question = next(data for label, data in room.bob.last.buttons.items() if "Yes" in label)
    assert await room.bob.press("Yes") == "Canceling. I will tell you when the exchange has confirmed it."
    assert room.desk.changes == [("cancel_order", GUEST, bot, 2)]
    assert await room.bob.press_data(question) == "Already done."
    assert len(room.desk.changes) == 1


async def test_a_position_is_reduced_after_a_question_with_the_result_to_expect() -> None:
    room = make_room()
    bot = held(room, price=Decimal("0.49"))
    await room.bob.say("/bots")
    await room.bob.press("CRV/USDT")
    await room.bob.press("Reduce or close")
    assert [label for label in room.bob.last.buttons if "%" in label] == [
        "25 % (13.8 CRV)",
        "50 % (27.6 CRV)",
        "75 % (41.4 CRV)",
    ]
    await room.bob.press("50 %")
    assert "about 27.6 CRV of 55.2 CRV" in room.bob.text
    assert "about -0.28, before fees" in room.bob.text
    question = next(data for label, data in room.bob.last.buttons.items() if "Yes" in label)
    assert "Closing" in (await room.bob.press("Yes") or "")
    assert room.desk.changes == [("reduce 50", GUEST, bot)]
    assert await room.bob.press_data(question) == "Already done."


async def test_closing_all_leads_to_the_stop_that_closes_everything() -> None:
    room = make_room()
    held(room, position=Decimal("0.1"))
    await room.bob.say("/bots")
    await room.bob.press("CRV/USDT")
    await room.bob.press("Reduce or close")
    assert "too small to be split" in room.bob.text
    assert not any("%" in label for label in room.bob.last.buttons)
    await room.bob.press("Close all and stop")
    assert "Close everything" in room.bob.text


async def test_dust_is_no_position_that_could_be_closed() -> None:
    room = make_room()
    bot = held(room, position=Decimal("-0.00000051"))
    await room.bob.say("/bots")
    await room.bob.press("CRV/USDT")
    assert not any("Reduce" in label for label in room.bob.last.buttons)
    await room.bob.press_data(OnBot(act=BotAct.REDUCE, bot=bot).pack())
    assert "No position" in room.bob.text
    assert "too small" not in room.bob.text
    assert not any("Close all" in label for label in room.bob.last.buttons)


async def test_a_bot_without_a_position_has_nothing_to_reduce() -> None:
    room = make_room()
    room.desk.give_bot(GUEST)
    await room.bob.say("/bots")
    await room.bob.press("CRV/USDT")
    assert not any("Reduce" in label for label in room.bob.last.buttons)


@pytest.mark.parametrize("code", ["reduction_underway", "too_little_to_reduce", "bot_unreachable"])
async def test_a_refusal_is_said(code: str) -> None:
    room = make_room()
    held(room)
    room.desk.failing["reduce"] = DeskError(code, venue="Bitget")
    await room.bob.say("/bots")
    for label in ("CRV/USDT", "Reduce", "25 %"):
        await room.bob.press(label)
    toast = await room.bob.press("Yes")
    assert toast
    assert code not in toast
    assert room.desk.changes == []


@pytest.mark.parametrize(
    ("command", "before", "all_of_them", "yes", "change"),
    [
        ("/pause", Activity.RUNNING, "Pause all", "Yes, pause all", "pause"),
        ("/resume", Activity.PAUSED, "Resume all", "Yes, resume all", "resume"),
    ],
)
async def test_all_bots_are_steered_after_one_question(
    command: str, before: Activity, all_of_them: str, yes: str, change: str
) -> None:
    room = make_room()
    bots = [held(room, activity=before) for _ in range(2)]
    held(room, activity=Activity.STOPPED)
    await room.bob.say(command)
    assert sum("CRV/USDT" in label for label in room.bob.last.buttons) == 2
    await room.bob.press(all_of_them)
    assert "2 bots" in room.bob.text
    assert room.desk.changes == []
    question = next(data for label, data in room.bob.last.buttons.items() if yes in label)
    await room.bob.press(yes)
    assert room.desk.changes == [(change, GUEST, bot) for bot in bots]
    assert await room.bob.press_data(question) == "Already done."


async def test_stop_asks_how_for_one_bot_and_for_all() -> None:
    room = make_room()
    bots = [held(room) for _ in range(2)]
    await room.bob.say("/stop")
    await room.bob.press(f"#{bots[0]}")
    assert "Keep the take-profit" in str(room.bob.last.buttons)
    await room.bob.say("/stop")
    await room.bob.press("Stop all")
    await room.bob.press("Close everything")
    assert room.desk.changes == []
    await room.bob.press("Yes, close at the market")
    assert room.desk.changes == [("stop close_all", GUEST, bot) for bot in bots]
    assert "Told to stop: 2" in room.bob.text


@pytest.mark.parametrize(
    ("strategies", "said", "offered"),
    [
        (("pingpong", "pingpong"), "is sold from the best ask", ["Sell, then stop", "Cancel all", "Cancel and"]),
        (("peg", "peg"), "nobody sells it", ["Cancel all", "Cancel and"]),
        (("grid", "peg"), "take-profit", ["Keep", "Cancel all", "Close everything"]),
    ],
)
async def test_all_bots_are_stopped_in_the_words_that_fit_them_all(
    strategies: tuple[str, str], said: str, offered: list[str]
) -> None:
    room = make_room()
    for strategy in strategies:
        held(room, strategy=strategy, symbol=SYMBOL if strategy == "grid" else "CRV/USDT")
    await room.bob.say("/stop")
    await room.bob.press("Stop all")
    assert said in room.bob.text
    shown = list(room.bob.last.buttons)[:-1]
    assert [label for label, start in zip(shown, offered, strict=True) if not label.startswith(start)] == []


async def test_a_number_behind_the_command_names_the_bot() -> None:
    room = make_room()
    bot = held(room)
    await room.bob.say(f"/pause {bot}")
    assert "Paused" in room.bob.text
    await room.bob.say(f"/resume #{bot}")
    await room.bob.say(f"/stop {bot}")
    assert "How shall" in room.bob.text
    assert room.desk.changes == [("pause", GUEST, bot), ("resume", GUEST, bot)]
    for text in ("/pause 999", "/stop 999", f"/resume {bot}"):
        await room.bob.say(text)
    assert len(room.desk.changes) == 2
    await room.bob.say("/pause everything")
    assert "Pause which bot?" in room.bob.text


async def test_balances_are_told_by_key_and_one_that_is_away_hides_no_other() -> None:
    room = make_room()
    first, second = room.desk.give_key(GUEST, label="one"), room.desk.give_key(GUEST, label="two")
    room.desk.problems = {first.id: "venue_away", second.id: ""}
    await room.bob.say("/balance")
    text = room.bob.text
    assert len(room.bob.messages) == 1
    assert "does not answer" in text.split("· one")[1].split("· two")[0]
    assert "1234.50" in text.split("· two")[1]
    assert "234.25" in text, "what is in use"
    assert "CRV ≈ 5.25 USDT" in text
    assert "Worth 1239.75 USDT (of what has a price)" in text
    assert "With open profit: 1250.75 USDT" in text
    assert await room.bob.press("Refresh") == "Asking the exchanges…"


async def test_a_price_is_asked_by_name_or_by_the_pair_of_a_bot() -> None:
    room = make_room()
    held(room)
    await room.bob.say("/price")
    await room.bob.press("CRV/USDT")
    assert "Bid: 0.4999" in room.bob.text
    assert "Ask: 0.5000" in room.bob.text
    assert "Spread: 0.020 %" in room.bob.text
    assert "34M USDT" in room.bob.text
    await room.bob.say("/price btc")
    assert "BTC/USDT" in room.bob.text
    await room.bob.say("/price CRV")
    await room.bob.press("spot")
    assert "12M USDT" in room.bob.text
    await room.bob.say("/price <nothing>")
    assert "<nothing>" in room.bob.text


async def test_who_has_no_bot_is_told_to_type_the_pair() -> None:
    room = make_room()
    await room.bob.say("/price")
    assert "Press" not in room.bob.text
    assert "/price crv" in room.bob.text


async def test_a_price_can_be_seen_on_another_account() -> None:
    room = make_room()
    room.desk.give_key(GUEST, label="one")
    await room.bob.say("/price crv")
    assert "Bitget" in room.bob.text
    await room.bob.press("Paper")
    assert "Paper" in room.bob.text


async def test_everything_opens_in_russian_too() -> None:
    room = make_room(FakeDesk("ru"))
    held(room)
    for command, said in (
        ("/orders", "Открытые ордера"),
        ("/balance", "Балансы"),
        ("/price crv", "Спред"),
        ("/pause", "на паузу"),
        ("/resume", "На паузе никого нет"),
        ("/stop", "Кого остановить"),
    ):
        await room.bob.say(command)
        assert said in room.bob.text


def reduced(closed: str, price: str | None, detail: str = "") -> PositionReduced:
    return PositionReduced(
        symbol=SYMBOL,
        wanted=Decimal("27.6"),
        closed=Decimal(closed),
        price=None if price is None else Decimal(price),
        net=Decimal("-0.0083") if price else Decimal(0),
        left=Decimal("27.6"),
        detail=detail,
    )


def taken_off(*, filled: str | None = None, was_filled: bool = False, returns: bool = False) -> OrderTakenOff:
    return OrderTakenOff(
        symbol=SYMBOL,
        side=Side.BUY,
        amount=Decimal(10),
        price=Decimal("0.45"),
        filled=None if filled is None else Decimal(filled),
        was_filled=was_filled,
        returns=returns,
    )


def panicked(canceled: int, closed: str, orders: Sequence[CanceledOrder] = ()) -> PanicReport:
    return PanicReport(
        symbol=SYMBOL,
        canceled=canceled,
        closed=Decimal(closed),
        price=Decimal("0.4999") if closed != "0" else None,
        net=Decimal("-1.5") if closed != "0" else Decimal(0),
        left=None,
        orders=tuple(orders),
    )


@pytest.mark.parametrize(
    ("notice", "said"),
    [
        (
            reduced("27.6", "0.4999"),
            "✂️ Closed 27.6 CRV at 0.4999 by hand. Against the average entry, less the closing fee: -0.0083 USDT."
            " Left: 27.6 CRV.",
        ),
        (
            reduced("0", None, "reduce_only"),
            "✂️ Nothing was closed of 27.6 CRV. The position is 27.6 CRV.\nThere is no position left for it to reduce.",
        ),
        (taken_off(), "✖ Canceled by hand: buy 10 CRV at 0.4500. It stays away until the next cycle."),
        (
            taken_off(filled="3.1", returns=True),
            "✖ Canceled by hand: buy 10 CRV at 0.4500, after 3.1 CRV were filled. The bot places it again.",
        ),
        (taken_off(filled="10", was_filled=True), "✖ Too late to cancel: the buy of 10 CRV at 0.4500 was filled."),
        (
            panicked(5, "55.2"),
            "🚨 Panic done: 5 orders canceled, closed 55.2 CRV at 0.4999 on average. "
            "Against the average entry, less the closing fee: -1.50 USDT.",
        ),
        (
            panicked(
                2,
                "0",
                [
                    CanceledOrder(side=Side.BUY, amount=Decimal("157.9"), price=Decimal("0.45")),
                    CanceledOrder(side=Side.SELL, amount=Decimal(10), price=None),
                ],
            ),
            "🚨 Panic done: 2 orders canceled, no position closed.\n✖ buy 157.9 at 0.4500\n✖ sell 10",
        ),
        (panicked(0, "0"), "🚨 Panic done: no orders to cancel, no position closed."),
        (
            ClosingDelayed(symbol=SYMBOL, orders=1, position=Decimal("55.2"), detail="venue_away"),
            "⏳ Not everything is canceled and closed yet: one order and a position of 55.2 CRV are left. "
            "I go on, and will tell you when it is done.\nThe exchange does not answer.",
        ),
    ],
)
def test_what_came_of_it_is_told_to_the_letter(notice: Notice, said: str) -> None:
    assert text_of([notice]) == said
