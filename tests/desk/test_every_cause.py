"""No kind of notice without a test that produces its cause and reads it in a chat."""

from __future__ import annotations

import importlib
from pathlib import Path

from tests.kinds import KINDS
from trading.core.telling import Notice, kind_of


def caused() -> set[type[Notice]]:
    modules = [
        importlib.import_module(f"tests.desk.{path.stem}") for path in Path(__file__).parent.glob("test_causes*.py")
    ]
    tests = [each for module in modules for name, each in vars(module).items() if name.startswith("test_")]
    return {kind for test in tests for kind in test.causes}


def test_every_kind_of_notice_has_a_test_of_its_cause() -> None:
    """``tests.desk.chats.causes`` names what a test produces; ``Chats.settle`` holds the test to it."""
    assert sorted(kind_of(kind) for kind in set(KINDS) - caused()) == []
