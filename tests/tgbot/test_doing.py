"""What a bot is about is said on its card, in the words of its strategy, while it runs."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.tgbot.fake_desk import GUEST, NOW, FakeDesk
from tests.tgbot.telegram import parsed
from tgbot.cards.bots import bot_card
from tgbot.words import LANGUAGES, words_for
from trading.desk.answers import Activity
from trading.strategies import STRATEGIES

LEG = {
    "side": "sell",
    "amount": "12.30",
    "decided_at": NOW,
    "picture": {"spread": "0.001", "mid": "0.5"},
    "price": "0.51",
    "quoted_at": NOW,
    "seen_at": NOW,
}
ORDER = {"slot": "s1.buy1", "side": "buy", "price": "1", "amount": "2"}
BREACH = {"began_at": NOW, "cause": "inventory"}

STATES: list[tuple[str, dict[str, Any], list[str]]] = [
    ("grid", {}, []),
    ("pingpong", {}, ["Waiting for a price or for money", "Legs done: 0"]),
    (
        "pingpong",
        {"leg": LEG, "completed": 3, "ending": "user"},
        [
            "Leg 4: selling 12.3 CRV, resting at 0.5100",
            "Selling what it holds, then it ends",
            "Legs done: 3",
        ],
    ),
    ("pingpong", {"leg": {**LEG, "side": "buy"}}, ["Leg 1: buying 12.3 CRV, resting at 0.5100", "Legs done: 0"]),
    ("pingpong", {"ending": "user", "completed": 2}, ["Selling what it holds, then it ends", "Legs done: 2"]),
    ("peg", {}, ["In the band, watching"]),
    ("peg", {"quotes": [ORDER]}, ["In the band; quotes rest inside it"]),
    ("peg", {"quotes": [ORDER], "sweep": [ORDER]}, ["Pushing the price back into its band"]),
    ("liquidity", {}, ["Quoting on both sides"]),
    (
        "liquidity",
        {"reduced": {"buy": "deposit"}},
        ["Quoting; a side shows less than it should (the deposit is too small)"],
    ),
    (
        "liquidity",
        {"trouble": {"cause": "sources_apart", "since": NOW}, "breach": {**BREACH, "told": True}},
        [
            "Holding back: the two markets' prices are too far apart",
            "Obligation not kept (too much bought or sold one way)",
        ],
    ),
    ("liquidity", {"breach": BREACH}, ["Quoting on both sides"]),
]


@pytest.mark.parametrize(("name", "state", "said"), STATES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_running_bot_says_what_it_is_about(name: str, state: dict[str, Any], said: list[str], language: str) -> None:
    strategy, desk = STRATEGIES[name], FakeDesk(language)
    symbol = "CRV/USDT:USDT" if name == "grid" else "CRV/USDT"
    facts = strategy.doing(strategy.state_model.model_validate(state)).facts
    bot = replace(desk.give_bot(GUEST, symbol, strategy=name, config={}), doing=facts)
    shown = parsed(bot_card(words_for(language), bot).text).split("\n\n")[0].split("\n")[2:]
    assert len(shown) == len(said)
    assert not any("doing-" in line for line in shown)
    if language == "en":
        assert shown == said
    paused = parsed(bot_card(words_for(language), replace(bot, activity=Activity.PAUSED)).text)
    assert not any(line in paused for line in shown)


def test_a_grid_between_two_cycles_says_until_when() -> None:
    grid = STRATEGIES["grid"]
    until = NOW + timedelta(seconds=60)
    rest = grid.doing(grid.state_model.model_validate({"phase": "cooldown", "cooldown_until": until}))
    assert rest.resting_until == until
    assert grid.doing(grid.state_model.model_validate({"phase": "running"})).resting_until is None
