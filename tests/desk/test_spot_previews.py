"""Previews of spot strategies through the desk: what an account holds counts, and an offer leads to a running bot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.desk.place import OWNER, SPOT, SPOT_SYMBOL, Place, refused
from tests.simulation.world import ScriptedMarket
from trading.core.planning import Finding
from trading.desk.answers import PreviewCard, StopChoice
from trading.desk.desk import Desk
from trading.exchanges.paper_venue import PaperVenue

ETH_BTC = replace(SPOT, symbol="ETH/BTC", base="ETH", quote="BTC", price_tick=Decimal("0.00001"),
                  amount_step=Decimal("0.0001"), min_amount=Decimal("0.0001"), min_cost=Decimal("0.0001"))  # fmt: skip
BTC_USDT = replace(SPOT, symbol="BTC/USDT", base="BTC", price_tick=Decimal("0.01"), amount_step=Decimal("0.00001"),
                   min_amount=Decimal("0.00001"))  # fmt: skip
PEG = {"price": "0.5", "deviation": "0.01"}


def place_with(path: Path, **wallet: str) -> Place:
    """A place with three spot markets, and a new paper account that holds ``wallet``."""
    place = Place(path / "desk.db", wallet={coin: Decimal(amount) for coin, amount in wallet.items()})
    for rules, price in ((ETH_BTC, "0.035"), (BTC_USDT, "95000")):
        place.markets[rules.symbol] = ScriptedMarket(rules, Decimal(price))
    place.venue = PaperVenue(place.clock, list(place.markets.values()))
    return place


def coded(card: PreviewCard, severity: str) -> dict[str, Finding]:
    return {finding.code: finding for finding in card.preview.findings if finding.severity == severity}


async def take_an_offer(desk: Desk, strategy: str, symbol: str, settings: dict[str, Any]) -> Sequence[Any]:
    """Press the first offer and Start, as a person does."""
    card = await desk.preview(OWNER, None, strategy, symbol, settings)
    assert card.preview.is_refused
    mended = {**settings, **card.preview.offers[0].changes}
    assert not (await desk.preview(OWNER, None, strategy, symbol, mended)).preview.is_refused
    return await desk.create(OWNER, None, strategy, [symbol], mended, accept_danger=True, token="start")


async def test_a_float_on_bitcoin_is_offered_its_dollar_market_and_trades(tmp_path: Path) -> None:
    place = place_with(tmp_path, BTC="0.05", ETH="1", USDT="0")
    async with place.open() as desk:
        card = await desk.preview(OWNER, None, "pingpong", "ETH/BTC", {})
        assert set(coded(card, "refusal")) == {"usd_rate_needed"}
        [bot] = await take_an_offer(desk, "pingpong", "ETH/BTC", {})
        assert (bot.config["usd_market"], bot.config["usd_per_quote"]) == ("BTC/USDT", "95000")
        await place.until(lambda: place.resting() == 1)


async def test_a_dollar_market_that_is_not_there_is_refused_also_in_an_edit(tmp_path: Path) -> None:
    place = place_with(tmp_path, BTC="0.05", ETH="1", USDT="0")
    async with place.open() as desk:
        [bot] = await take_an_offer(desk, "pingpong", "ETH/BTC", {"usd_market": "BTC/EUR"})
        assert bot.config["usd_market"] == "BTC/USDT"
        async with refused("edit_refused"):
            await desk.edit(OWNER, bot.id, {"usd_market": "BTC/EUR"})
        await desk.edit(OWNER, bot.id, {"max_legs": 10})


async def test_a_peg_is_told_what_of_its_limits_it_can_use_and_may_only_sell(tmp_path: Path) -> None:
    place = place_with(tmp_path, USDT="60", CRV="50")
    async with place.open() as desk:
        card = await desk.preview(OWNER, None, "peg", SPOT_SYMBOL, PEG)
        assert set(coded(card, "note")) >= {"quote_limit_above_funds", "base_limit_above_funds"}
        lower = {name: value for offer in card.preview.offers for name, value in offer.changes.items()}
        assert lower["base_order_limit"] == "50"
        quiet = await desk.preview(OWNER, None, "peg", SPOT_SYMBOL, {**PEG, **lower})
        assert not {"quote_limit_above_funds", "base_limit_above_funds"} & set(coded(quiet, "note"))


async def test_a_peg_without_money_starts_and_sells(tmp_path: Path) -> None:
    place = place_with(tmp_path, USDT="0", CRV="500")
    async with place.open() as desk:
        card = await desk.preview(OWNER, None, "peg", SPOT_SYMBOL, PEG)
        assert "nothing_to_spend" in coded(card, "note")
        assert not card.preview.is_refused
        await desk.create(OWNER, None, "peg", [SPOT_SYMBOL], PEG, accept_danger=False, token="start")
        place.price("0.6", SPOT_SYMBOL)
        sold = place.gateways[str(OWNER)].books_of_the_venue
        await place.until(lambda: sold.balances()["CRV"] < 500)


async def test_a_peg_with_nothing_at_all_is_refused_until_less_is_kept(tmp_path: Path) -> None:
    place = place_with(tmp_path, USDT="80", CRV="0")
    async with place.open() as desk:
        kept = {**PEG, "quote_min_balance": "80"}
        assert set(coded(await desk.preview(OWNER, None, "peg", SPOT_SYMBOL, kept), "refusal")) == {"nothing_to_trade"}
        [bot] = await take_an_offer(desk, "peg", SPOT_SYMBOL, kept)
        assert bot.config["quote_min_balance"] == "0"


async def test_liquidity_with_few_coins_is_offered_a_deposit_that_they_cover(tmp_path: Path) -> None:
    place = place_with(tmp_path, USDT="5000", CRV="1000")
    async with place.open() as desk:
        card = await desk.preview(OWNER, None, "liquidity", SPOT_SYMBOL, {})
        finding = coded(card, "refusal")["base_too_small"]
        assert (finding.values["amount"], finding.values["held"]) == ("2500", "1000")
        assert Decimal("480") < Decimal(card.preview.offers[0].changes["deposit"] or 0) < 500
        [bot] = await take_an_offer(desk, "liquidity", SPOT_SYMBOL, {})
        await place.until(lambda: place.resting() > 5)
        await desk.stop(OWNER, bot.id, StopChoice.CANCEL_ORDERS, token="stop")
        await place.ended(bot.id)
        await desk.start(OWNER, bot.id, accept_danger=True, token="again")


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"reference_venue": "paper"}, "reference_is_target"),
        ({"reference_venue": "nowhere"}, "reference_missing"),
        ({"reference_symbol": "NO/SUCH"}, "reference_missing"),
    ],
)
async def test_a_reference_that_cannot_be_one_is_replaced_by_one_that_can(
    tmp_path: Path, settings: dict[str, str], code: str
) -> None:
    place = place_with(tmp_path, USDT="5000", CRV="5000")
    async with place.open() as desk:
        card = await desk.preview(OWNER, None, "liquidity", SPOT_SYMBOL, settings)
        assert set(coded(card, "refusal")) == {code}
        await take_an_offer(desk, "liquidity", SPOT_SYMBOL, settings)
        await place.until(lambda: place.resting() == 10)


async def test_on_paper_a_person_is_told_that_the_other_venue_is_simulated(tmp_path: Path) -> None:
    place = place_with(tmp_path, USDT="5000", CRV="5000")
    async with place.open() as desk:
        card = await desk.preview(OWNER, None, "liquidity", SPOT_SYMBOL, {})
        assert not card.preview.is_refused
        assert coded(card, "note")["reference_simulated"].values == {"venue": "KuCoin"}


async def test_coins_that_a_bot_holds_or_has_sold_do_not_stand_in_the_way_of_its_start(tmp_path: Path) -> None:
    place = place_with(tmp_path, USDT="1250", CRV="2560")
    async with place.open() as desk:
        [bot] = await desk.create(OWNER, None, "liquidity", [SPOT_SYMBOL], {}, accept_danger=True, token="start")
        await place.until(lambda: place.resting() == 10)
        place.price("0.506", SPOT_SYMBOL)
        await place.until(lambda: place.worker(bot.id).bench.books.ledger.position < 0)
        await desk.stop(OWNER, bot.id, StopChoice.CANCEL_ORDERS, token="stop")
        await place.ended(bot.id)
        place.price("0.5", SPOT_SYMBOL)
        await place.pass_time(2)
        as_new = await desk.preview(OWNER, None, "liquidity", SPOT_SYMBOL, bot.config)
        assert "base_too_small" in coded(as_new, "refusal")
        again = await desk.preview(OWNER, None, "liquidity", SPOT_SYMBOL, bot.config, bot_id=bot.id)
        assert not coded(again, "refusal"), "what is shown before the start is what the start looks at"
        async with refused("not_found"):
            await desk.preview(OWNER + 1, None, "liquidity", SPOT_SYMBOL, bot.config, bot_id=bot.id)
        await desk.start(OWNER, bot.id, accept_danger=True, token="again")
