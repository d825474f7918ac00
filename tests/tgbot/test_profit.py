"""/profit, /stats, a bot's chart, and how pictures look."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from tests.tgbot.fake_desk import ADMIN, GUEST, FakeDesk
from tests.tgbot.fake_profit import SYSTEM, part, trading
from tests.tgbot.room import make_room
from tests.tgbot.telegram import parsed
from tgbot.callbacks import BotAct, OnBot, OnProfit
from tgbot.cards.card import CAPTION_LIMIT, TEXT_LIMIT, length
from tgbot.cards.pictures import chart_labels
from tgbot.cards.profit import profit_card, profit_labels
from tgbot.cards.stats import stats_card
from tgbot.words import words_for
from trading.desk.profit_answers import Period, ProfitReport, ProfitView, Statistics, SystemFigures, Unit
from trading.reports.charts import BARS_LABELS, EQUITY_LABELS, GRID_LABELS

LIVE, BTC, PAPER = part(), part("BTC", net=Decimal("0.00012")), part(is_paper=True, net=Decimal("-7.5"))


@pytest.mark.parametrize(
    ("language", "said", "period", "shown"),
    [
        ("en", "/profit", Period.WEEK, "this week"),
        ("en", "/profit day", Period.DAY, "today"),
        ("en", "/profit  Month ", Period.MONTH, "this month"),
        ("ru", "/profit неделя", Period.WEEK, "эта неделя"),
        ("ru", "/profit всё", Period.ALL, "за всё время"),
    ],
)
async def test_profit_takes_its_period_from_what_is_said(language: str, said: str, period: Period, shown: str) -> None:
    room = make_room(FakeDesk(language))
    room.desk.parts = (LIVE,)
    await room.bob.say(said)
    assert room.bob.last.is_photo
    assert shown in room.bob.text
    assert room.desk.pictured == [(period, ProfitView.EQUITY, (False, "USDT"), False)]


async def test_the_days_of_a_period_are_those_of_the_persons_clock() -> None:
    room = make_room()
    await room.desk.set_time_zone(GUEST, "Asia/Tokyo")
    midnight = datetime(2026, 1, 7, 15, 0, tzinfo=UTC)  # the 8th has begun in Tokyo
    room.desk.parts = (part(since=midnight, now=midnight + timedelta(hours=3)),)
    await room.bob.say("/profit day")
    assert "today · 08.01\n" in room.bob.text
    await room.bob.press("By day")
    assert "today · 08.01\n" in room.bob.text


async def test_what_is_no_period_is_answered_with_those_that_there_are() -> None:
    room = make_room()
    room.desk.parts = (LIVE,)
    bob = room.bob
    await bob.say("/profit <year>")
    assert "“<year>” is no period" in bob.text
    assert room.desk.pictured == []
    await bob.press("Month")
    assert room.desk.pictured == [(Period.MONTH, ProfitView.EQUITY, (False, "USDT"), False)]


async def test_periods_parts_and_views_change_the_same_message() -> None:
    room = make_room()
    room.desk.parts = (LIVE, BTC, PAPER)
    bob = room.bob
    await bob.say("/profit")
    for pressed in ("Month", "Paper USDT", "By day", "Live BTC"):
        await bob.press(pressed)
    assert [asked[:3] for asked in room.desk.pictured[1:]] == [
        (Period.MONTH, ProfitView.EQUITY, (False, "USDT")),
        (Period.MONTH, ProfitView.EQUITY, (True, "USDT")),
        (Period.MONTH, ProfitView.BARS, (True, "USDT")),
        (Period.MONTH, ProfitView.BARS, (False, "BTC")),
    ]
    assert len(bob.messages) == 1
    assert "✓ Month" in bob.last.buttons


@pytest.mark.parametrize(("language", "marked"), [("en", "Simulated money"), ("ru", "Деньги условные")])
async def test_paper_is_shown_apart_and_marked(language: str, marked: str) -> None:
    words = words_for(language)
    live = parsed(profit_card(words, ProfitReport(Period.DAY, ProfitView.EQUITY, (LIVE, PAPER), LIVE, None)).text)
    paper = parsed(profit_card(words, ProfitReport(Period.DAY, ProfitView.EQUITY, (LIVE, PAPER), PAPER, None)).text)
    assert marked in paper
    assert marked not in live
    assert "+4.50" not in live + paper, "live and paper were added"
    assert "12.00 USDT" in live
    assert "-7.50 USDT" in paper


def test_risk_comes_before_profit_and_costs_are_told() -> None:
    text = parsed(profit_card(words_for("en"), ProfitReport(Period.WEEK, ProfitView.EQUITY, (LIVE,), LIVE, None)).text)
    order = ["Max drawdown: 11.20 USDT (5.6 % of the deposits)", "Net, realized: +12.00 USDT", "fees 2.20",
             "0.01235 <BGB>", "Open now: -3.10", "Sharpe 1.23 · profit factor —"]  # fmt: skip
    places = [text.index(words) for words in order]
    assert places == sorted(places)


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_longest_profit_fits_under_a_picture(language: str) -> None:
    huge = {name: Decimal("-123456789.12") for name in ("gross", "fees", "funding", "net", "open_profit", "drawdown")}
    parts = tuple(part(quote, is_paper=paper, rows=60, **huge) for quote in ("USDT", "USDC") for paper in (False, True))
    card = profit_card(words_for(language), ProfitReport(Period.ALL, ProfitView.BARS, parts, parts[3], b""))
    assert length(card.text) <= CAPTION_LIMIT
    assert "<pre>" in card.text


async def test_without_bots_and_without_a_picture_there_is_still_an_answer() -> None:
    room = make_room()
    bob = room.bob
    await bob.say("/profit")
    assert "no bots" in bob.text
    room.desk.parts, room.desk.profit_picture = (LIVE,), None
    await bob.say("/menu")
    await bob.press("Profit")
    assert not bob.last.is_photo
    assert "Net, realized" in bob.text
    assert len(bob.messages) == 2


@pytest.mark.parametrize(("language", "button"), [("en", "Chart"), ("ru", "График")])
async def test_a_bots_chart_is_a_press_away_and_follows_the_looks_that_were_chosen(language: str, button: str) -> None:
    room = make_room(FakeDesk(language))
    bot = room.desk.give_bot(GUEST)
    bob = room.bob
    await bob.say("/bots")
    await bob.press("CRV/USDT")
    await bob.press(button)
    assert bob.last.is_photo
    assert "▲" in bob.text
    await bob.say("/settings")
    await bob.press("🖼")
    assert any(text.startswith("✓ ☀️") for text in bob.last.buttons)
    await bob.press("🌙")
    assert any(text.startswith("✓ 🌙") for text in bob.last.buttons)
    await bob.press_data(OnBot(act=BotAct.CHART, bot=bot.id).pack())
    assert room.desk.pictured == [("chart", bot.id, False), ("chart", bot.id, True)]
    await bob.say("/settings")
    await bob.press("🖼")
    await bob.press("☀️")
    assert not room.desk.people[GUEST].dark_pictures


async def test_a_chart_without_a_price_says_so_and_anothers_bot_has_none() -> None:
    room = make_room()
    bob = room.bob
    await bob.say("/bots")
    without = room.desk.give_bot(GUEST, price=None)
    await bob.press_data(OnBot(act=BotAct.CHART, bot=without.id).pack())
    await bob.press_data(OnBot(act=BotAct.CHART, bot=room.desk.give_bot(ADMIN).id).pack())
    assert room.desk.pictured == []
    assert not any(message.is_photo for message in bob.messages)


async def test_made_up_profit_buttons_change_nothing() -> None:
    room = make_room()
    room.desk.parts = (LIVE,)
    bob = room.bob
    await bob.say("/bots")
    for data in ("pf:century:equity:0:USDT", "pf:day:pie:0:USDT", "pf:day:equity:0", "pic:maybe"):
        await bob.press_data(data)
    assert room.desk.pictured == []
    await bob.press_data(OnProfit(period=Period.DAY, view=ProfitView.BARS, paper=True, quote="GONE").pack())
    assert room.desk.pictured[-1][2] == (False, "USDT")


@pytest.mark.parametrize(("language", "system"), [("en", "System"), ("ru", "Система")])
async def test_the_process_is_told_to_admins_only(language: str, system: str) -> None:
    room = make_room(FakeDesk(language))
    room.desk.parts = (LIVE, PAPER)
    await room.bob.say("/stats")
    await room.ann.say("/stats")
    assert system not in room.bob.text
    assert system in room.ann.text
    for told in ("120", "340", "37 %", "123", "4.5", "0.4", "bitget"):
        assert told in room.ann.text
    group = room.visitor(ADMIN, chat_id=-5)
    await group.say("/stats")
    assert system not in group.text


async def test_statistics_tell_every_figure_of_the_trading() -> None:
    room = make_room()
    room.desk.parts = (PAPER,)
    await room.bob.say("/stats")
    for told in ("today +1.00, week +2.00, month +3.00, all +4.00", "Active orders: 9, finished: 40", "whole: 25 %",
                 "maker: 80 %", "take-profit: +1.50 USDT (3 take-profits)", "Rounds a day: 2.2", "start: 17",
                 "Sharpe 1.23", "simulated money"):  # fmt: skip
        assert told in room.bob.text
    await room.bob.press("Refresh")
    assert len(room.bob.messages) == 1


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_longest_statistics_fit_a_message_and_nothing_to_tell_is_told_so(language: str) -> None:
    words = words_for(language)
    calls = tuple(replace(SYSTEM.calls[0], call=f"call_number_{n}", count=10**n) for n in range(9)) * 3
    many = replace(SYSTEM, calls=calls, budgets=SYSTEM.budgets * 50)
    parts = tuple(trading(part(f"COIN{n}", is_paper=bool(n % 2))) for n in range(8))
    assert length(stats_card(words, Statistics(parts, many)).text) <= TEXT_LIMIT
    nothing = SystemFigures((), (), {}, None, 0, 0, 0, 0, 0)
    text = parsed(stats_card(words, Statistics((), nothing)).text)
    assert "—" in text
    assert "None" not in text


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_word_of_the_pictures_is_there(language: str) -> None:
    words = words_for(language)
    labels = profit_labels(words, Period.ALL)
    assert (EQUITY_LABELS.keys() | BARS_LABELS.keys()) - {"subtitle", "profit"} <= labels.keys()
    assert {f"by_{unit}" for unit in Unit} | {f"profit_{view}" for view in ProfitView} | {"title"} <= labels.keys()
    assert GRID_LABELS.keys() - {"subtitle"} <= chart_labels(words).keys()


async def test_the_home_card_adds_no_currencies() -> None:
    room = make_room()
    for symbol, net in (("CRV/USDT:USDT", "5"), ("BTC/USDT:USDT", "2")):
        room.desk.give_bot(GUEST, symbol, realized_net=Decimal(net), today_net=Decimal(1))
    bot = room.desk.give_bot(GUEST)
    odd = replace(bot, symbol="ETH/BTC", realized_net=Decimal("0.0002"), today_net=Decimal("0.0001"))
    room.desk.owned_bots[bot.id] = (GUEST, odd)
    await room.bob.say("/menu")
    assert "today (paper time) +2.00, in all +7.00 USDT" in room.bob.text
    assert "today (paper time) +0.0001, in all +0.0002 BTC" in room.bob.text
