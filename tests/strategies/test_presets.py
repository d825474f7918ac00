"""Every strategy's presets: the same fields, no money, and no refusal at the prices that people trade at."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal as D

import pytest

from tests.strategies.test_every_refusal import CRV, SWAP
from trading.core.instrument import Instrument
from trading.core.planning import Finding, Reference, Surroundings
from trading.strategies import STRATEGIES

MARKETS = {
    "cheap": (D("0.5"), {}),
    "bitcoin": (D(95_000), {"base": "BTC", "price_tick": D("0.1"), "amount_step": D("0.00001"), "min_amount": D(0)}),
    "tiny": (D("0.00001234"), {"base": "PEPE", "price_tick": D("0.00000001"), "amount_step": D(1)}),
}
NAMED = [(strategy, code) for strategy, found in STRATEGIES.items() for code in found.presets]


def market(strategy: str, name: str) -> tuple[D, Instrument]:
    price, changes = MARKETS[name]
    rules = SWAP if "perpetual" in STRATEGIES[strategy].market_kinds else CRV
    base = str(changes.get("base", rules.base))
    symbol = rules.symbol.replace("CRV", base)
    return price, replace(rules, **{"min_amount": rules.amount_step, **changes, "symbol": symbol})  # type: ignore[arg-type]  # any rule


def findings(strategy: str, code: str, name: str) -> list[Finding]:
    found = STRATEGIES[strategy]
    price, rules = market(strategy, name)
    # A price that is to be kept, and how many coins may go for it, are the person's to say.
    asked = {"price": price, "deviation": price / 100, "base_order_limit": 1000 / price} if strategy == "peg" else {}
    config = found.config_model.model_validate({**asked, **found.presets[code]})
    held = {"USDT": D(100_000), rules.base: D(200_000) / price}
    near = {Reference("reference", venue, rules.symbol.split(":")[0]): price for venue in ("kucoin", "binance")}
    return list(found.preview(config, rules, price, Surroundings(held, near)).findings)


@pytest.mark.parametrize("name", MARKETS)
@pytest.mark.parametrize(("strategy", "code"), NAMED)
def test_a_preset_is_not_refused_by_its_own_strategy(strategy: str, code: str, name: str) -> None:
    assert [finding for finding in findings(strategy, code, name) if finding.severity == "refusal"] == []


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_the_careful_preset_warns_of_nothing(strategy: str) -> None:
    assert [finding.code for finding in findings(strategy, "careful", "cheap") if finding.severity == "danger"] == []


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_presets_name_the_same_fields_so_that_one_takes_the_place_of_another(strategy: str) -> None:
    presets = STRATEGIES[strategy].presets
    assert len(presets) >= 3
    assert len({frozenset(settings) for settings in presets.values()}) == 1
    assert len({tuple(sorted(settings.items())) for settings in presets.values()}) == len(presets)


@pytest.mark.parametrize(("strategy", "code"), NAMED)
def test_a_preset_never_says_how_much_money_is_used(strategy: str, code: str) -> None:
    fields = STRATEGIES[strategy].config_model.model_fields
    for name in STRATEGIES[strategy].presets[code]:
        extra = fields[name].json_schema_extra
        assert isinstance(extra, dict)
        assert not extra.get("money")
