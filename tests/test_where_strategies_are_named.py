"""Adding a strategy touches its folder, the catalogue, the words and the tests: nothing else knows one by name."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from trading.strategies import STRATEGIES

_ROOT = Path(__file__).parents[1]
_MODULES = sorted(
    path
    for package in ("trading", "tgbot")
    for path in (_ROOT / package).rglob("*.py")
    if not path.is_relative_to(_ROOT / "trading" / "strategies")
)

_NAMES = re.compile(rf"\b(?:{'|'.join(STRATEGIES)})\b", re.IGNORECASE)
_SETTINGS = {name for each in STRATEGIES.values() for name in each.config_model.model_fields}
_KINDS = {kind.__name__ for each in STRATEGIES.values() for kind in each.notices}

_SHARED = frozenset({"price", "deposit", "leverage", "margin_mode", "budget", "activity"})
"""Settings that are called as something which every market, or every bot, has."""
_EXCEPTIONS = frozenset(
    {
        ("replay/__main__.py", "grid"),  # what is replayed when nothing else is asked for
        ("live/kucoin_wording.py", "liquidity"),  # KuCoin's own word for maker or taker
        ("localchat/editing.py", "react"),  # Telegram's reactions
    }
)


def _docstrings(tree: ast.AST) -> set[int]:
    """Strings that stand for themselves explain; they do nothing."""
    return {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}


def _named(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    explained = _docstrings(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in explained:
            yield from _NAMES.findall(node.value)
            if node.value in _SETTINGS:
                yield node.value
        elif isinstance(node, ast.Attribute) and node.attr in _SETTINGS | _KINDS:
            yield node.attr
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("trading.strategies."):
            yield str(node.module)


@pytest.mark.parametrize("path", _MODULES, ids=lambda path: str(path.relative_to(_ROOT)))
def test_no_other_module_names_a_strategy_or_a_setting_of_one(path: Path) -> None:
    excepted = {name for end, name in _EXCEPTIONS if path.as_posix().endswith(end)}
    assert {name for name in _named(path) if name not in _SHARED} - excepted == set()


def test_the_exceptions_still_are_some() -> None:
    for end, name in _EXCEPTIONS:
        (path,) = (each for each in _MODULES if each.as_posix().endswith(end))
        assert name in set(_named(path)), f"{end} no longer names {name}"
