"""Core and strategies know no clock, no chance, no network and no floating money: the source itself is read."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

TRADING = Path(__file__).parents[2] / "trading"
FILES = sorted([*(TRADING / "core").rglob("*.py"), *(TRADING / "strategies").rglob("*.py")])
FORBIDDEN_MODULES = {"time", "random", "secrets", "asyncio", "threading", "socket", "os", "subprocess", "uuid"}
FORBIDDEN_CALLS = {"now", "utcnow", "today", "fromtimestamp"}


def allowed_import(module: str, room: str) -> bool:
    """The standard library without clocks and chance, pydantic, and ours as far as the arrows point."""
    root = module.split(".", maxsplit=1)[0]
    if root == "trading":
        within = ("trading.core",) if room == "core" else ("trading.core", "trading.strategies")
        return module.startswith(within)
    return root == "pydantic" or (root in sys.stdlib_module_names and root not in FORBIDDEN_MODULES)


def faults(source: str, room: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names):
                yield from (f"imports {name.name}" for name in names if not allowed_import(name.name, room))
            case ast.ImportFrom(module=str(module)) if not allowed_import(module, room):
                yield f"imports {module}"
            case ast.ImportFrom(module=None):
                yield "imports relatively"
            case ast.Call(func=ast.Attribute(attr=name)) if name in FORBIDDEN_CALLS:
                yield f"asks the clock: {name}()"
            case ast.Call(func=ast.Name(id="float")):
                yield f"turns a number into a float in line {node.lineno}"
            case ast.Constant(value=float()):
                yield f"has the float {node.value} in line {node.lineno}"
            case ast.AsyncFunctionDef(name=name):
                yield f"waits: async def {name}"
            case _:
                pass


@pytest.mark.parametrize("path", FILES, ids=[str(path.relative_to(TRADING)) for path in FILES])
def test_core_and_strategies_are_pure(path: Path) -> None:
    room = path.relative_to(TRADING).parts[0]
    assert not list(faults(path.read_text(encoding="utf-8"), room))


@pytest.mark.parametrize(
    "source",
    [
        "import time",
        "from random import choice",
        "import asyncio",
        "import ccxt",
        "from trading.storage import bots",
        "from trading.strategies import STRATEGIES",
        "from datetime import datetime\nx = datetime.now()",
        "x = float('1.5')",
        "x = 0.5",
        "from . import orders",
        "async def plan(): ...",
    ],
)
def test_what_is_forbidden_is_found(source: str) -> None:
    assert list(faults(source, "core"))


def test_what_is_allowed_is_not_found() -> None:
    source = "from decimal import Decimal\nfrom pydantic import BaseModel\nfrom trading.core.orders import Order"
    assert not list(faults(source, "strategies"))
