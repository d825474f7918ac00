"""Every strategy of the catalogue from /new to Start and on, in both languages; a new one is covered by itself."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest

from tests.kinds import KINDS
from tests.tgbot.fake_desk import GUEST, MARKETS, PERPETUAL, SPOT, FakeDesk
from tests.tgbot.room import ChatRoom, make_room
from tests.tgbot.telegram import Visitor, parsed
from tgbot.cards.bots import bot_card
from tgbot.cards.card import HALF_A_ROW, TEXT_LIMIT, THIRD_OF_A_ROW, WHOLE_ROW, length
from tgbot.cards.fields import value_text
from tgbot.cards.notices import About, notice_card
from tgbot.cards.steering import stop_card, stop_choices
from tgbot.coins import Coins
from tgbot.forms import fields_of
from tgbot.suggesting import Advice, suggestions
from tgbot.words import LANGUAGES, words_for
from trading.core.instrument import Side
from trading.core.notices import CanceledOrder, LeftOrder
from trading.core.summaries import DailyReport, Digest
from trading.core.telling import Notice
from trading.desk.answers import Activity, StopChoice
from trading.strategies import STRATEGIES

LABELS = {
    "en": {"paper": "Paper", "done": "Done", "preview": "Preview", "start": ("Start", "I know")},
    "ru": {"paper": "Бумага", "done": "Готово", "preview": "Предпр", "start": ("Старт", "Риск")},
}
RAW = re.compile(r"\b(?:finding|unit|choice|field|about|cause|figure|column|notice)-[a-z_]")


def symbol_for(strategy: str) -> str:
    kinds = STRATEGIES[strategy].market_kinds
    return next(symbol for symbol, (_, _, rules) in MARKETS.items() if "CRV" in symbol and rules.kind.value in kinds)


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=STRATEGIES)
def strategy(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def room(language: str) -> ChatRoom:
    desk = FakeDesk(language)
    desk.offered, desk.equity = tuple(STRATEGIES), Decimal(10_000)
    return make_room(desk)


async def to_the_summary(room: ChatRoom, strategy: str, language: str) -> Visitor:
    bob, label = room.bob, LABELS[language]
    await bob.say("/new")
    for pressed in (words_for(language).plain(f"strategy-{strategy}"), label["paper"], "CRV/USDT"):
        await bob.press(pressed)
    if any(label["done"] in text for text in bob.last.buttons):
        await bob.press(label["done"])
    for setting in fields_of(STRATEGIES[strategy].config_model):
        if setting.is_asked:
            await bob.press(next(iter(bob.last.buttons)))
    return bob


_WIDTHS = {1: WHOLE_ROW, 2: HALF_A_ROW + 2, 3: THIRD_OF_A_ROW + 2}
"""How many characters of a button are not cut off, by how many stand in its row; a mark of ours counts two."""


def cut_off(bob: Visitor) -> list[str]:
    markup = bob.last.markup
    rows = markup.inline_keyboard if markup else []
    return [each.text for row in rows for each in row if len(each.text) > _WIDTHS[len(row)]]


async def test_no_button_of_the_form_is_cut_off_on_a_phone(room: ChatRoom, strategy: str, language: str) -> None:
    bob, words = room.bob, words_for(language)
    await bob.say("/new")
    assert cut_off(bob) == []
    bob = await to_the_summary(room, strategy, language)
    assert cut_off(bob) == []
    await bob.press(words.plain("button-advanced"))
    assert cut_off(bob) == []
    await bob.press(words.plain("button-presets"))
    assert cut_off(bob) == []
    for pressed in ("button-back", "button-basic", "button-preview"):
        await bob.press(words.plain(pressed))
        assert cut_off(bob) == []


async def test_the_form_leads_to_a_running_bot(room: ChatRoom, strategy: str, language: str) -> None:
    bob = await to_the_summary(room, strategy, language)
    await bob.press(LABELS[language]["preview"])
    for _ in range(6):
        assert not RAW.search(parsed(bob.last.text)), bob.text
        buttons, start = bob.last.buttons, LABELS[language]["start"]
        wanted = next(
            (text for text in buttons if any(word in text for word in start)),
            next((text for text in buttons if text.startswith(("🛠", "🛡"))), None),
        )
        assert wanted is not None, bob.text
        await bob.press(wanted)
        if room.desk.changes:
            break
    assert room.desk.changes[0][0] == "create", bob.text
    assert "CRV/USDT" in bob.text


async def test_every_setting_can_be_asked_for_and_shown(room: ChatRoom, strategy: str, language: str) -> None:
    config = {"reference_symbol": "CRV/USDT"} if strategy == "liquidity" else {}
    desk, words = room.desk, words_for(language)
    bot = desk.give_bot(GUEST, symbol_for(strategy), strategy=strategy, config=desk.check_settings(strategy, config))
    bob = room.bob
    for setting in fields_of(STRATEGIES[strategy].config_model):
        await bob.say(f"/start bot{bot.id}")
        shown = value_text(words, setting, bot.config[setting.name], Coins.of(bot.symbol))
        assert shown.strip()
        assert not RAW.search(shown)
        if setting.low is not None:
            assert len(suggestions(setting, Advice(equity=Decimal(1000), price=Decimal("0.5")))) <= 5


def test_a_bots_cards_and_stops_are_worded_in_every_state(strategy: str, language: str) -> None:
    words = words_for(language)
    for position in (Decimal(0), Decimal("12.3"), Decimal("-12.3")):
        for activity in Activity:
            desk = FakeDesk(language)
            desk.offered = tuple(STRATEGIES)
            bot = desk.give_bot(
                GUEST,
                symbol_for(strategy),
                strategy=strategy,
                config={},
                position=position,
                average=Decimal("0.5"),
                activity=activity,
                cause="user",
            )
            for card in (bot_card(words, bot), stop_card(words, bot)):
                assert length(card.text) <= TEXT_LIMIT
                assert not RAW.search(parsed(card.text))
                is_spot = STRATEGIES[strategy].market_kinds == SPOT
                assert not (is_spot and words("role-take_profit") in card.text)
                assert not (is_spot and re.search(r"[Tt]ake-profit|[Тт]ейк-профит", card.text))
    assert {StopChoice.CANCEL_ORDERS, StopChoice.CLOSE_ALL} <= set(stop_choices(words, bot))


_FACTS: dict[Any, Any] = {
    str: "user",
    Decimal: Decimal("1.5"),
    int: 2,
    bool: False,
    Side: Side.BUY,
    Decimal | None: None,
    int | None: None,
    str | None: None,
    tuple[str, ...]: ("a", "b"),
    tuple[LeftOrder, ...]: (LeftOrder(side=Side.BUY, amount=Decimal("1.5"), price=None, client_id="mg1"),),
    tuple[CanceledOrder, ...]: (CanceledOrder(side=Side.BUY, amount=Decimal("1.5"), price=None),),
}


SUMMARIES = (Digest, DailyReport)
"""Told by cards of their own."""


@pytest.mark.parametrize("kind", [each for each in KINDS if each not in SUMMARIES], ids=lambda kind: str(kind.__name__))
def test_every_notice_is_worded_for_a_spot_bot(kind: type[Notice], language: str) -> None:
    facts = {name: _FACTS[info.annotation] for name, info in kind.model_fields.items() if name != "kind"}
    if "symbol" in facts:
        facts["symbol"] = "CRV/USDT"
    bot = FakeDesk(language).give_bot(GUEST, "CRV/USDT", strategy="pingpong", config={})
    card = notice_card(About(words_for(language), bot.id, bot), [kind(**facts)])
    assert parsed(card.text).strip()
    assert not RAW.search(parsed(card.text)), card.text


async def test_only_accounts_with_such_markets_are_offered() -> None:
    desk = FakeDesk()
    desk.offered = tuple(STRATEGIES)
    desk.give_key(GUEST, label="futures", kinds=PERPETUAL)
    desk.give_key(GUEST, label="coins", kinds=SPOT)
    bob = make_room(desk).bob
    await bob.say("/new")
    await bob.press("Peg")
    assert any("coins" in text for text in bob.last.buttons)
    assert not any("futures" in text for text in bob.last.buttons)


async def test_a_reference_is_offered_that_is_there_and_is_not_ones_own(language: str) -> None:
    desk = FakeDesk(language)
    desk.offered = ("liquidity",)
    room = make_room(desk)
    bob, label = room.bob, LABELS[language]
    await bob.say("/new")
    for pressed in (label["paper"], "CRV/USDT", label["done"]):
        await bob.press(pressed)
    await bob.press(next(iter(bob.last.buttons)))
    assert "MEXC" in bob.last.buttons
    assert "Bitget" not in bob.last.buttons
    await bob.press("MEXC")
    await bob.press(words_for(language).plain("field-reference_symbol"))
    assert [text for text in bob.last.buttons if "/" in text] == ["CRV/USDT", "CRV/USDC"]
