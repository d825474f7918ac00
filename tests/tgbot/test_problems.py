import pytest
from pydantic import ValidationError

from tgbot.cards.fields import settings_problem
from tgbot.words import words_for
from trading.core.planning import Unfit
from trading.desk.answers import Problem
from trading.desk.refusals import settings_problems
from trading.strategies import STRATEGIES


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"active_levels": 20, "grid_levels": 15}, "active_levels"),
        ({"martingale_multiplier": "5", "grid_levels": 60}, "growth"),
        ({"step_multiplier": "3", "grid_levels": 60, "martingale_multiplier": 1}, "step_growth"),
    ],
)
def test_settings_that_do_not_fit_together_are_explained_in_both_languages(
    settings: dict[str, object], code: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        STRATEGIES["grid"].config_model.model_validate(settings)
    problems = settings_problems(caught.value)
    assert isinstance(caught.value.errors()[0]["ctx"]["error"], Unfit)
    assert problems[""].code == code
    russian = settings_problem(words_for("ru"), problems, ())
    assert "уровн" in russian.casefold()
    assert "lower" not in russian
    assert "must" not in russian


@pytest.mark.parametrize(
    ("orders", "english", "russian"),
    [
        (1, "One order of at most 50 never reaches", "1 ордер размером до 50 не даст"),
        (2, "2 orders of at most 50 never reach ", "2 ордера размером до 50 не дадут"),
        (5, "5 orders of at most 50 never reach ", "5 ордеров размером до 50 не дадут"),
    ],
)
def test_what_does_not_fit_is_counted_as_a_person_would(orders: int, english: str, russian: str) -> None:
    problem = Problem("", "depth_unreachable", {"orders": str(orders), "largest": "50", "depth": "1000"})
    assert english in settings_problem(words_for("en"), {"": problem}, ())
    assert russian in settings_problem(words_for("ru"), {"": problem}, ())
