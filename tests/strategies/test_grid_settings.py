"""The grid's settings: everything a chat form needs is in the schema, and what cannot work is refused in words."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from tests.strategies.small_venue import start
from trading.core.planning import Mode
from trading.strategies import STRATEGIES
from trading.strategies.grid import GridConfig, GridState, GridTerms

UNITS = {"quote", "percent", "seconds", "times", "levels", "cycles", "choice"}
PROPERTIES: dict[str, dict[str, Any]] = GridConfig.model_json_schema()["properties"]


@pytest.mark.parametrize("field", list(GridConfig.model_fields))
def test_a_form_can_be_made_from_each_field(field: str) -> None:
    shape = PROPERTIES[field]
    assert shape["title"]
    assert shape["description"]
    assert shape["unit"] in UNITS
    assert shape["level"] in ("basic", "advanced")
    assert "default" in shape


def test_the_fields_are_those_of_the_specification() -> None:
    assert set(GridConfig.model_fields) == {
        *("deposit", "leverage", "margin_mode", "direction", "grid_levels", "coverage_percent"),
        *("martingale_multiplier", "take_profit_percent", "cooldown_seconds", "tracking_seconds"),
        *("stop_loss_percent", "max_cycles", "small_levels", "active_levels", "step_multiplier", "sizing"),
    }
    assert STRATEGIES["grid"].config_model is GridConfig


@pytest.mark.parametrize(
    ("settings", "word"),
    [
        ({"deposit": 0}, "greater than 0"),
        ({"leverage": 126}, "125"),
        ({"grid_levels": 1}, "2"),
        ({"coverage_percent": 96}, "95"),
        ({"martingale_multiplier": "0.9"}, "1"),
        ({"take_profit_percent": 0}, "0.05"),
        ({"stop_loss_percent": 101}, "100"),
        ({"direction": "sideways"}, "long"),
        ({"unheard_of": 1}, "not permitted"),
        ({"active_levels": 15}, "does not rest"),
        ({"martingale_multiplier": 3, "grid_levels": 50}, "lower one of them"),
        ({"step_multiplier": 3, "grid_levels": 50, "martingale_multiplier": 1}, "lower one of them"),
    ],
)
def test_what_cannot_work_is_refused(settings: dict[str, object], word: str) -> None:
    with pytest.raises(ValidationError, match=word):
        GridConfig.model_validate(settings)


def test_settings_survive_json_to_the_last_digit() -> None:
    config = GridConfig(deposit=Decimal("10.10"), stop_loss_percent=Decimal("33.3"), max_cycles=3)
    assert GridConfig.model_validate_json(config.model_dump_json()) == config


def test_an_edit_of_frozen_terms_waits_for_the_next_cycle() -> None:
    bot = start()
    changed = GridConfig.model_validate({**bot.config.model_dump(), "deposit": 50, "take_profit_percent": 3})
    assert bot.strategy.deferred_fields(bot.config, changed, bot.state) == ("deposit",)
    bot.config = changed
    bot.settle()
    assert bot.live("tp").price == Decimal("0.5150"), "the take-profit moves at once"
    assert bot.strategy.budget(changed, bot.state) == 2000
    bot.move("0.6")
    assert bot.strategy.deferred_fields(bot.config, changed, bot.state) == ()
    bot.wait(60)
    assert bot.state.terms is not None
    assert bot.state.terms.deposit == 50
    assert bot.strategy.budget(changed, bot.state) == 1000


def test_every_term_is_deferred_within_a_cycle_and_nothing_else() -> None:
    bot = start()
    other = {
        **{"deposit": 11, "leverage": 3, "margin_mode": "cross", "direction": "short", "grid_levels": 4},
        **{"coverage_percent": 7, "martingale_multiplier": 2, "small_levels": "merge", "step_multiplier": "1.1"},
        **{"sizing": "exact", "cooldown_seconds": 1, "tracking_seconds": 9, "stop_loss_percent": 5, "max_cycles": 1},
        **{"active_levels": 2, "take_profit_percent": 4},
    }
    changed = GridConfig.model_validate(other)
    assert set(bot.strategy.deferred_fields(bot.config, changed, bot.state)) == set(GridTerms.model_fields)
    assert bot.strategy.deferred_fields(bot.config, changed, GridState()) == ()


def test_its_orders_are_asked_for_as_often_as_is_set() -> None:
    assert STRATEGIES["grid"].status_check_seconds(GridConfig(tracking_seconds=17)) == 17
    others = [strategy for name, strategy in STRATEGIES.items() if name != "grid"]
    assert {strategy.status_check_seconds(strategy.config_model()) for strategy in others} == {None}


def test_a_finished_bot_starts_again_where_its_numbers_ended() -> None:
    bot = start(max_cycles=1)
    bot.move("0.6")
    assert bot.finished == "max_cycles"
    bot.state = bot.strategy.started(bot.state)
    bot.settle()
    assert bot.state.number == 2
    assert bot.state.scope == "c2."
    bot.mode = Mode.NO_ENTRIES
    bot.settle()
    assert bot.slots() == {"tp"}
