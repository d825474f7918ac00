"""No dead ends: every refusal of every strategy's preview comes with settings that work, wherever there are any."""

from __future__ import annotations

import ast
import inspect
import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal as D
from importlib import import_module

import pytest

from trading.core.instrument import Instrument, MarketKind
from trading.core.planning import Preview, Reference, Surroundings
from trading.strategies import STRATEGIES

CRV = Instrument(
    venue="mexc",
    symbol="CRV/USDT",
    kind=MarketKind.SPOT,
    base="CRV",
    quote="USDT",
    price_tick=D("0.0001"),
    amount_step=D("0.1"),
    min_amount=D("0.1"),
    min_cost=D(5),
    maker_fee=D("0.001"),
    taker_fee=D("0.001"),
)
ETH_BTC = replace(CRV, symbol="ETH/BTC", base="ETH", quote="BTC", price_tick=D("0.00001"), min_cost=D("0.0001"),
                  amount_step=D("0.0001"), min_amount=D("0.0001"))  # fmt: skip
SWAP = replace(CRV, symbol="CRV/USDT:USDT", kind=MarketKind.PERPETUAL, max_leverage=D(50))
RICH = {"USDT": D(100_000), "CRV": D(200_000), "BTC": D(1), "ETH": D(20)}
IN_DOLLARS = {Reference("usd", "", "BTC/USDT"): D(95_000), Reference("usd", "", "BTC/USDC"): D(95_010)}
ELSEWHERE = {Reference("reference", venue, "CRV/USDT"): D("0.5001") for venue in ("kucoin", "binance")}


@dataclass(frozen=True)
class Case:
    """Settings that are refused with ``code`` on a market at ``price``, with what is known round it."""

    strategy: str
    code: str
    settings: Mapping[str, object]
    rules: Instrument = CRV
    price: D = D("0.5")
    balances: Mapping[str, D] = field(default_factory=lambda: RICH)
    prices: Mapping[Reference, D | None] = field(default_factory=dict)
    why_not: str = ""
    """Why no setting can mend it, where that is so."""

    def __str__(self) -> str:
        return f"{self.strategy}-{self.code}" + ("-hopeless" if self.why_not else "")

    def preview(self, changes: Mapping[str, str | None] | None = None) -> Preview:
        strategy = STRATEGIES[self.strategy]
        config = strategy.config_model.model_validate({**self.settings, **(changes or {})})
        return strategy.preview(config, self.rules, self.price, Surroundings(self.balances, self.prices))


def grid(code: str, why_not: str = "", *, rules: Mapping[str, object] | None = None, **settings: object) -> Case:
    given = {"deposit": 100, "grid_levels": 6, "coverage_percent": 3, **settings}
    return Case("grid", code, given, replace(SWAP, **(rules or {})), why_not=why_not)  # type: ignore[arg-type]  # any rule


CASES = [
    grid("below_min_cost", deposit=1),
    grid("below_min_amount", deposit=1, rules={"min_amount": D(9), "min_cost": D(0)}),
    grid("above_max_amount", rules={"max_amount": D(1000)}),
    grid("no_price", grid_levels=3, coverage_percent=95, rules={"price_tick": D("0.1")}),
    grid("levels_share_price", rules={"price_tick": D("0.01")}),
    grid("leverage_too_high", leverage=60),
    replace(grid("equity_too_small", deposit=500), balances={"USDT": D(99)}),
    grid("take_profit_below_fees", take_profit_percent="0.08"),
    Case("pingpong", "below_min_cost", {"order_size": 4}),
    Case("pingpong", "below_min_amount", {"order_size": "0.001", "size_currency": "base"}),
    Case("pingpong", "above_max_amount", {"order_size": 100}, replace(CRV, max_amount=D(50))),
    Case("pingpong", "order_over_budget", {"order_size": 400}),
    Case("pingpong", "equity_too_small", {}, balances={"USDT": D(200), "CRV": D(10)}),
    Case("pingpong", "usd_rate_needed", {}, ETH_BTC, D("0.035"), prices=IN_DOLLARS),
    Case("pingpong", "usd_market_missing", {"usd_market": "BTC/EUR", "usd_per_quote": 95000, "order_size": "0.001"},
         ETH_BTC, D("0.035"), prices={Reference("usd", "", "BTC/EUR"): None, **IN_DOLLARS}),
    Case("pingpong", "usd_market_missing", {"usd_market": "USDT/EUR"}, prices={Reference("usd", "", "USDT/EUR"): None}),
    Case("pingpong", "usd_rate_needed", {}, ETH_BTC, D("0.035"), why_not="no dollar market of that venue is known"),
    Case("pingpong", "equity_too_small", {}, balances={"USDT": D(1), "CRV": D(10)},
         why_not="the account has less than the smallest order costs"),
    Case("peg", "quote_limit_too_small", {"price": "0.5", "quote_order_limit": 1}),
    Case("peg", "base_limit_too_small", {"price": "0.5", "base_order_limit": 1}),
    Case("peg", "band_too_narrow", {"price": "0.5", "deviation": "0.0001", "activity": "quotes"}),
    Case("peg", "self_trade_forbidden", {"price": "0.5", "activity": "self-trade"}),
    Case("peg", "no_price", {"price": "0.5", "deviation": "0.49999"}),
    Case("peg", "nothing_to_trade", {"price": "0.5", "quote_min_balance": 300, "base_min_balance": 10},
         balances={"USDT": D(300), "CRV": D(3)}),
    Case("peg", "nothing_to_trade", {"price": "0.5", "quote_min_balance": 300, "base_min_balance": 900},
         balances={"USDT": D(3), "CRV": D(800)}),
    Case("peg", "nothing_to_trade", {"price": "0.5"}, balances={"USDT": D(1), "CRV": D(3)},
         why_not="the account has less of both than the smallest order"),
    Case("liquidity", "below_min_cost", {"min_order": 3}),
    Case("liquidity", "below_min_amount", {}, replace(CRV, min_amount=D(600))),
    Case("liquidity", "above_max_amount", {}, replace(CRV, max_amount=D(200))),
    Case("liquidity", "tick_too_coarse", {}, replace(CRV, price_tick=D("0.01"))),
    Case("liquidity", "off_tick", {}, replace(CRV, price_tick=D("0.6")),
         why_not="the price is below one tick: there is no room for a bid"),
    Case("liquidity", "equity_too_small", {}, balances={"USDT": D(700), "CRV": D(20_000)}),
    Case("liquidity", "base_too_small", {}, balances={"USDT": D(5000), "CRV": D(1000)}),
    Case("liquidity", "base_too_small", {}, balances={"USDT": D(5000), "CRV": D(0)},
         why_not="there are no coins to sell, and no setting brings any"),
    Case("liquidity", "reference_is_target", {"reference_venue": "mexc"}, prices=ELSEWHERE),
    Case("liquidity", "reference_missing", {"reference_venue": "nowhere"},
         prices={Reference("reference", "nowhere", "CRV/USDT"): None, **ELSEWHERE}),
    Case("liquidity", "reference_missing", {"reference_symbol": "ABC/USDT"},
         prices={Reference("reference", "kucoin", "ABC/USDT"): None, **ELSEWHERE}),
    Case("liquidity", "reference_missing", {}, prices={Reference("reference", "kucoin", "CRV/USDT"): None},
         why_not="no other venue that we look at has the coin"),
]  # fmt: skip

NEVER = {("liquidity", "off_step"), ("pingpong", "off_step"), ("pingpong", "off_tick")}
"""Objections of a venue that cannot come up: amounts and prices of a preview are on its steps."""
OBJECTIONS = {"below_min_amount", "above_max_amount", "off_step", "off_tick", "below_min_cost"}
"""What ``Instrument.objection`` answers; pingpong and liquidity pass it on as it is."""


def refusals(seen: Preview) -> set[str]:
    return {finding.code for finding in seen.findings if finding.severity == "refusal"}


@pytest.mark.parametrize("case", [case for case in CASES if not case.why_not], ids=str)
def test_a_refusal_comes_with_settings_that_end_it(case: Case) -> None:
    seen = case.preview()
    assert case.code in refusals(seen)
    assert seen.offers
    for offer in seen.offers:
        assert not refusals(case.preview(offer.changes)), offer


@pytest.mark.parametrize("case", [case for case in CASES if case.why_not], ids=str)
def test_where_nothing_can_mend_it_nothing_is_offered(case: Case) -> None:
    seen = case.preview()
    assert case.code in refusals(seen)
    assert not seen.offers


def test_every_refusal_there_is_has_its_case() -> None:
    passed_on = {(name, code) for name in ("pingpong", "liquidity") for code in OBJECTIONS}
    known = {(case.strategy, case.code) for case in CASES if not case.why_not or case.code == "off_tick"}
    assert known | NEVER == {*passed_on, *(pair for name in STRATEGIES for pair in _written(name))}


def _written(strategy: str) -> Iterator[tuple[str, str]]:
    """Codes of refusals as they stand in a strategy's source: first argument of a Finding, or in a table beside it."""
    package = import_module(f"trading.strategies.{strategy}")
    for module in pkgutil.iter_modules(package.__path__):
        tree = ast.parse(inspect.getsource(import_module(f"{package.__name__}.{module.name}")))
        for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
            for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
                if _is_refusal(call):
                    yield from ((strategy, code) for code in _codes(call.args[0], function))


def _is_refusal(call: ast.Call) -> bool:
    is_finding = isinstance(call.func, ast.Name) and call.func.id == "Finding" and len(call.args) >= 2
    return is_finding and isinstance(call.args[1], ast.Constant) and call.args[1].value == "refusal"


def _codes(code: ast.expr, function: ast.FunctionDef) -> Iterator[str]:
    """The code itself, or all words in the table that a loop takes it from."""
    if isinstance(code, ast.Constant):
        yield str(code.value)
        return
    assert isinstance(code, ast.Name)
    for loop in (node for node in ast.walk(function) if isinstance(node, ast.For)):
        if code.id in {name.id for name in ast.walk(loop.target) if isinstance(name, ast.Name)}:
            words = (node.value for node in ast.walk(loop.iter) if isinstance(node, ast.Constant))
            yield from (word for word in words if isinstance(word, str) and "_" in word)
