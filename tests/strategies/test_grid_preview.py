"""What a person sees before Start: every finding has its cause, and every offer works."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.strategies.small_venue import coin, money, start
from trading.core.instrument import Instrument, MarginTier
from trading.core.planning import Finding, Offer, Preview
from trading.strategies.grid import GridConfig, GridStrategy

P = Decimal("0.5")
TIERS = (MarginTier(Decimal(1000), Decimal("0.005"), Decimal(50)), MarginTier(None, Decimal("0.02"), Decimal(10)))


def config(**changes: object) -> GridConfig:
    return GridConfig.model_validate({"deposit": 100, "grid_levels": 6, "coverage_percent": 3, **changes})


def preview(instrument: Instrument | None = None, equity: str | None = None, **changes: object) -> Preview:
    at = Decimal(equity) if equity else None
    return GridStrategy().preview(config(**changes), instrument or coin(tiers=TIERS[:1]), P, money(at))


def findings(seen: Preview) -> dict[str, Finding]:
    return {finding.code: finding for finding in seen.findings}


def offers(seen: Preview) -> dict[str, Offer]:
    return {offer.code: offer for offer in seen.offers}


def test_a_good_grid_has_only_notes() -> None:
    seen = preview()
    assert not seen.is_refused
    assert not seen.is_dangerous
    assert not seen.offers
    assert all(row.reachable and row.objection is None for row in seen.rows)


def test_rows_are_the_ladder_level_by_level() -> None:
    seen = preview()
    assert [row.slot for row in seen.rows] == [f"level{index}" for index in range(6)]
    cost = Decimal(0)
    for row in seen.rows:
        cost += row.cost
        assert row.cost == row.price * row.amount
        assert row.cumulative_cost == cost
        assert row.take_profit is not None
        assert row.liquidation is not None
        assert row.liquidation < row.price < row.take_profit
    assert seen.figures["total_cost"] == cost


def test_the_preview_is_what_the_bot_then_does() -> None:
    bot = start(coverage_percent=3)
    seen = bot.strategy.preview(bot.config, bot.venue.instrument, bot.venue.ask, money(None))
    assert [(row.price, row.amount) for row in seen.rows] == [(level.price, level.amount) for level in bot.state.ladder]


@pytest.mark.parametrize(
    ("changes", "rules", "equity", "code", "severity", "values"),
    [
        ({"deposit": 1}, {}, None, "below_min_cost", "refusal", {"minimum": "5"}),
        ({"deposit": 1}, {"min_amount": Decimal(9), "min_cost": Decimal(0)}, None, "below_min_amount", "refusal",
         {"minimum": "9"}),
        ({}, {"max_amount": Decimal(1000)}, None, "above_max_amount", "refusal", {"count": "1", "maximum": "1000"}),
        ({"leverage": 60}, {"tiers": TIERS[:1], "max_leverage": Decimal(50)}, None, "leverage_too_high", "refusal",
         {"leverage": "60", "maximum": "50"}),
        ({}, {"tiers": TIERS}, None, "leverage_too_high", "refusal", {"leverage": "20", "maximum": "10"}),
        ({}, {}, "99", "equity_too_small", "refusal", {"deposit": "100", "equity": "99"}),
        ({"take_profit_percent": "0.08"}, {}, None, "take_profit_below_fees", "refusal",
         {"percent": "0.08", "fees": "0.08"}),
        ({}, {"price_tick": Decimal("0.01")}, None, "levels_share_price", "refusal", {"tick": "0.01"}),
        ({"coverage_percent": 40}, {}, None, "unreachable_levels", "danger", {"level": "1", "count_fills": "1"}),
        ({}, {}, None, "maintenance_unknown", "note", {"percent": "1"}),
        ({"direction": "short", "coverage_percent": 40}, {}, None, "overspend_capped", "note", {"available": "2000"}),
        ({"deposit": 10, "small_levels": "merge", "grid_levels": 15}, {}, None, "levels_merged", "note",
         {"before": "15"}),
        ({"coverage_percent": 40}, {}, None, "money_unused", "note", {}),
        ({"stop_loss_percent": 5}, {}, None, "levels_beyond_stop", "note", {}),
        ({"margin_mode": "cross"}, {}, "500", "cross_wallet", "note", {"wallet": "500", "known": "true"}),
    ],
)  # fmt: skip
def test_every_finding_has_its_cause(
    changes: dict[str, object],
    rules: dict[str, object],
    equity: str | None,
    code: str,
    severity: str,
    values: dict[str, str],
) -> None:
    found = findings(preview(coin(**rules), equity, **changes))[code]
    assert found.severity == severity
    assert values.items() <= dict(found.values).items()
    assert code not in findings(preview(coin(tiers=TIERS[:1]), "1000", sizing="exact", coverage_percent=2))


def test_known_tiers_leave_nothing_to_assume() -> None:
    assert "maintenance_unknown" not in findings(preview())


def test_a_liquidation_at_the_last_level_is_a_danger_too() -> None:
    # Just wide enough that the last fill itself is beyond its liquidation.
    widths = (Decimal(tenths) / 10 for tenths in range(30, 400))
    seen = next(seen for width in widths if (seen := preview(coverage_percent=width)).is_dangerous)
    assert "liquidated_at_last_level" in findings(seen) or findings(seen)["unreachable_levels"].values["count"] == "1"


def test_what_can_be_lost_is_the_margin_the_wallet_or_the_stop() -> None:
    isolated = preview()
    margin = isolated.figures["margin"] + isolated.figures["fees"]
    assert isolated.at_risk == margin < 100
    assert isolated.worst_case < isolated.at_risk, "at the last level it is not yet liquidated"
    assert preview(equity="500", margin_mode="cross").at_risk == 500
    assert preview(margin_mode="cross").at_risk == 100
    assert preview(stop_loss_percent=5).at_risk == 5
    assert preview(coverage_percent=40).worst_case == preview(coverage_percent=40).at_risk


def test_a_stop_before_the_liquidation_takes_the_danger_away() -> None:
    assert preview(coverage_percent=40).is_dangerous
    stopped = preview(coverage_percent=40, stop_loss_percent=1)
    assert not stopped.is_dangerous
    assert "levels_beyond_stop" in findings(stopped)


def test_too_much_leverage_and_money_are_brought_within_limits() -> None:
    seen = preview(coin(max_leverage=Decimal(10)), "50")
    assert offers(seen)["within_limits"].changes == {"leverage": "10", "deposit": "50"}


def test_a_wallet_larger_than_the_deposit_makes_a_smaller_grid_live_longer() -> None:
    seen = preview(equity="100", margin_mode="cross", coverage_percent=40, deposit=100)
    changes = offers(seen)["survive_deposit"].changes
    assert Decimal(changes["deposit"]) < 100


def check_offers(seen: Preview, settings_: GridConfig, instrument: Instrument, equity: Decimal | None) -> None:
    for offer in seen.offers:
        changed = GridConfig.model_validate({**settings_.model_dump(), **offer.changes})
        assert changed != settings_
        after = GridStrategy().preview(changed, instrument, seen.price, money(equity))
        assert not after.is_refused, offer
        if offer.code.startswith("survive"):
            assert not after.is_dangerous, offer


configs = st.builds(
    config,
    deposit=st.decimals("2", "300", places=1),
    leverage=st.integers(1, 100),
    margin_mode=st.sampled_from(["isolated", "cross"]),
    direction=st.sampled_from(["long", "short"]),
    grid_levels=st.integers(2, 20),
    coverage_percent=st.integers(1, 60),
    martingale_multiplier=st.decimals("1", "2", places=2),
    take_profit_percent=st.sampled_from(["0.05", "2"]),
    stop_loss_percent=st.sampled_from([None, 3, 50]),
    small_levels=st.sampled_from(["refuse", "merge"]),
    sizing=st.sampled_from(["classic", "exact"]),
)
markets = st.sampled_from(
    [coin(), coin(tiers=TIERS, max_leverage=Decimal(50)), coin(max_amount=Decimal(2000)),
     coin(price_tick=Decimal("0.01"), amount_step=Decimal(1), min_amount=Decimal(1))]
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(configs, markets, st.sampled_from([None, Decimal(27), Decimal(5000)]))
def test_every_offer_really_works(settings_: GridConfig, instrument: Instrument, equity: Decimal | None) -> None:
    seen = GridStrategy().preview(settings_, instrument, P, money(equity))
    check_offers(seen, settings_, instrument, equity)
    assert len({tuple(sorted(offer.changes.items())) for offer in seen.offers}) == len(seen.offers)
    assert seen.at_risk >= 0
    assert seen.is_refused or seen.worst_case >= 0


def test_the_default_settings_find_a_way_out_for_ten_dollars() -> None:
    plain_settings = GridConfig(deposit=Decimal(10))
    instrument = replace(coin(), taker_fee=Decimal("0.0006"))
    seen = GridStrategy().preview(plain_settings, instrument, P, money(None))
    assert seen.is_refused
    assert seen.is_dangerous
    check_offers(seen, plain_settings, instrument, None)
    assert offers(seen)["survive_leverage_deposit"].changes == {"leverage": "5", "deposit": "169"}
    assert {"raise_deposit", "fewer_levels", "smaller_multiplier", "merge_levels"} <= offers(seen).keys()


@pytest.mark.parametrize("price", ["0.4981", "0.5001", "0.5003", "0.5024"])
def test_an_offer_still_works_at_the_price_at_which_the_grid_really_begins(price: str) -> None:
    plain_settings = GridConfig(deposit=Decimal(10))
    for offer in preview(deposit="10").offers:
        changed = GridConfig.model_validate({**plain_settings.model_dump(), **offer.changes})
        seen = GridStrategy().preview(changed, coin(), Decimal(price), money(None))
        assert not seen.is_refused, (offer, seen.findings)
