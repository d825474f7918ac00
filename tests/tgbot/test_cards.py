"""Cards stay within Telegram's limits and a phone's width, whatever the facts are."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tgbot.fake_desk import GRID, GUEST, FakeDesk, instrument
from tests.tgbot.telegram import parsed
from tgbot import figures
from tgbot.callbacks import new_token
from tgbot.callbacks.numbers import MOST_NUMBER
from tgbot.cards.bots import account_name, bot_card, bots_card
from tgbot.cards.card import CAPTION_LIMIT, TABLE_WIDTH, TEXT_LIMIT, Card, blocks, length, table
from tgbot.cards.orders import orders_card
from tgbot.cards.preview import confirm_card, preview_caption, preview_card
from tgbot.cards.status import panic_done_card, status_card
from tgbot.cards.steering import stop_card, stop_confirm_card
from tgbot.forms import fields_of
from tgbot.making import Draft, Step
from tgbot.words import LANGUAGES, Words, words_for
from trading.core.instrument import Side
from trading.core.planning import Finding, Preview, PreviewRow
from trading.desk.answers import Activity, BotCard, BotOrders, PreviewCard, StopChoice

numbers = st.decimals(min_value="-1e12", max_value="1e12", allow_nan=False, allow_infinity=False, places=10)
prices = st.decimals(min_value="1e-8", max_value="1e7", allow_nan=False, allow_infinity=False, places=8)
texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=400)
languages = st.sampled_from(LANGUAGES)

SAMPLE = FakeDesk().give_bot(GUEST)


@st.composite
def bots(draw: st.DrawFn) -> BotCard:
    maybe = st.none() | numbers
    return replace(
        SAMPLE,
        id=draw(st.integers(1, MOST_NUMBER)),
        title=draw(texts),
        key_label=draw(texts),
        is_paper=draw(st.booleans()),
        activity=draw(st.sampled_from(Activity)),
        cause=draw(st.sampled_from(["", "user", "never_heard"])),
        last_error=draw(st.just("") | texts),
        instrument=draw(st.none() | st.just(instrument("CRV/USDT:USDT"))),
        price=draw(maybe),
        position=draw(numbers),
        average=draw(maybe),
        take_profit=draw(maybe),
        unrealized=draw(maybe),
        realized_net=draw(numbers),
        deposit=draw(numbers),
    )


def check(card: Card, limit: int = TEXT_LIMIT) -> None:
    assert length(card.text) <= limit
    assert parsed(card.text).strip()
    count = 0
    for row in card.rows:
        assert len(row) <= 8
        for each in row:
            count += 1
            assert each.text.strip()
            assert len((each.callback_data or "").encode()) <= 64
    assert count <= 100


@given(bots(), languages)
@settings(max_examples=150, deadline=None)
def test_every_card_of_a_bot_keeps_the_limits(bot: BotCard, language: str) -> None:
    words = words_for(language)
    for card in (bot_card(words, bot), stop_card(words, bot), orders_card(words, bot, BotOrders(1, (), (), None))):
        check(card)
        assert ("📄" in card.text) == bot.is_paper
    for choice in StopChoice:
        check(stop_confirm_card(words, bot, choice, new_token(7)))


@given(st.lists(bots(), max_size=80), languages)
@settings(max_examples=40, deadline=None)
def test_lists_of_many_bots_keep_the_limits(many: list[BotCard], language: str) -> None:
    words = words_for(language)
    check(bots_card(words, many))
    check(status_card(words, many))
    check(panic_done_card(words, many))


@st.composite
def previews(draw: st.DrawFn) -> PreviewCard:
    rows = [
        PreviewRow(
            slot=f"c1.level{index}",
            side=Side.BUY,
            price=draw(prices),
            amount=draw(prices),
            cost=draw(prices),
            cumulative_cost=draw(prices),
            average=draw(prices),
            liquidation=draw(st.none() | prices),
            reachable=draw(st.booleans()),
            objection=draw(st.none() | st.just("below_min_cost")),
        )
        for index in range(draw(st.integers(0, 100)))
    ]
    findings = draw(
        st.lists(
            st.builds(
                Finding,
                code=st.sampled_from(["never_heard_of", "other"]),
                severity=st.sampled_from(["refusal", "danger", "note"]),
                values=st.dictionaries(st.sampled_from(["a", "b"]), texts, max_size=2),
            ),
            max_size=30,
        )
    )
    made = Preview(rows=rows, price=draw(prices), at_risk=draw(numbers), worst_case=draw(numbers), findings=findings)
    tick = draw(st.sampled_from(["0.1", "0.0001", "0.00000001"]))
    return PreviewCard("X", draw(texts), instrument("X/USDT:USDT", tick), made, draw(st.none() | numbers), (), True)


def _words(language: str) -> Words:
    return words_for(language)


@given(st.lists(previews(), min_size=1, max_size=3), languages)
@settings(max_examples=60, deadline=None)
def test_previews_keep_the_limits_and_a_refused_one_cannot_start(cards: list[PreviewCard], language: str) -> None:
    words = _words(language)
    draft = Draft(mark="abcdef", step=Step.PREVIEW, strategy="grid", symbols=tuple("X" for _ in cards))
    card = preview_card(words, draft, cards, fields_of(GRID.config_model), account=words("paper"), token=new_token(7))
    check(card)
    starts = [each for row in card.rows for each in row if (each.callback_data or "").startswith("dG:")]
    assert bool(starts) == (not any(each.preview.is_refused for each in cards))
    assert card.text.index("💥") < card.text.find("<pre>") % 10_000
    check(confirm_card(words, draft, cards, words("paper"), new_token(7)))
    caption = preview_caption(words, cards[0], words("paper"))
    assert length(caption) <= CAPTION_LIMIT
    assert parsed(caption)


@given(st.lists(prices, min_size=1, max_size=20), st.sampled_from(["0.1", "0.0001", "0.00000001"]), languages)
@settings(max_examples=60, deadline=None)
def test_a_previews_table_fits_a_phone(at: list[Decimal], tick: str, language: str) -> None:
    rows = [
        PreviewRow("s", Side.BUY, price, price, price, min(price, Decimal(999_999)), price, None, price)
        for price in (min(each, Decimal(199_999)) for each in at)
    ]
    made = Preview(rows=rows, price=at[0], at_risk=Decimal(1), worst_case=Decimal(1))
    card = PreviewCard("X", "X", instrument("X/USDT:USDT", tick), made, None, (), True)
    draft = Draft(mark="abcdef", step=Step.PREVIEW, strategy="grid", symbols=("X",))
    text = preview_card(words_for(language), draft, [card], (), account=words_for(language)("paper"), token="t").text
    inside = text.split("<pre>")[1].split("</pre>")[0]
    assert max(len(line) for line in inside.splitlines()) <= TABLE_WIDTH + 3


@given(st.lists(texts, max_size=40), st.integers(50, 5000))
def test_blocks_never_exceed_their_limit_and_never_break_a_tag(parts: list[str], limit: int) -> None:
    laid = blocks(*(words_for("en")("field-question", name=part) for part in parts), limit=limit)
    assert length(laid) <= limit
    parsed(laid)


def test_a_long_table_loses_its_middle_and_says_so() -> None:
    text = parsed(table(["a", "b"], [[str(n), "x"] for n in range(100)]))
    assert "…" in text
    assert text.splitlines()[-1].startswith("99")


@given(numbers)
def test_money_never_shows_a_negative_nothing(value: Decimal) -> None:
    for shown in (figures.money(value), figures.profit(value), figures.percent(value), figures.price(value)):
        assert shown.strip("-0.") or not shown.startswith("-")
        assert "E" not in shown


def test_figures_read_as_people_write_them() -> None:
    assert figures.money(Decimal("1234.567")) == "1234.57"
    assert figures.money(Decimal("-0.0012345")) == "-0.0012"
    assert figures.money(Decimal("-0.00001234")) == "0.00", "less than a hundredth of a cent"
    assert figures.profit(Decimal("3")) == "+3.00"
    assert figures.profit(None) == "—"
    assert figures.short(Decimal(34_000_000)) == "34M"
    assert figures.short(Decimal(1500)) == "1.5K"
    assert figures.span(3725) == "1:02:05"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("0.00000086094", "+0.00000086"),
        ("-0.0123456789", "-0.012346"),
        ("1.5", "+1.5"),
        ("0.0000000012345", "+0.0000000012"),
        ("0", "0"),
    ],
)
def test_a_profit_in_coins_is_told_to_their_eighth_decimal(value: str, shown: str) -> None:
    assert figures.profit(Decimal(value), "BTC") == shown


@pytest.mark.parametrize(
    ("label", "called"), [("main", "💰 Bitget · main"), ("Bitget", "💰 Bitget"), ("bitget", "💰 Bitget")]
)
def test_a_key_called_like_its_exchange_is_named_once(label: str, called: str) -> None:
    bot = FakeDesk().give_bot(GUEST, key_id=7, key_label=label, venue_title="Bitget", is_paper=False)
    assert account_name(words_for("en"), bot) == called
