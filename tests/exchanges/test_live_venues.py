"""What can be known of venues before and after ccxt is loaded."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import ccxt.pro
import pytest

from trading.core.diff import AmendMode
from trading.core.instrument import MarketKind
from trading.exchanges.live import about, live_gateway, venues
from trading.exchanges.live.connection import connect
from trading.exchanges.live.parsing import instruments
from trading.exchanges.live.profiles import unproven
from trading.exchanges.venues import CREDENTIAL_NAMES, Credentials, is_proven, venue


def test_the_catalogue_and_the_limiter_do_not_load_ccxt() -> None:
    code = "import sys, trading.exchanges.venues, trading.exchanges.limiter; assert 'ccxt' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2])


def test_the_catalogue_names_bitget_with_its_fields() -> None:
    bitget = venue("bitget")
    assert [field.name for field in bitget.fields] == ["key", "secret", "passphrase"]
    assert bitget.kinds == (MarketKind.PERPETUAL,)
    with pytest.raises(KeyError):
        venue("nowhere")


def test_every_other_venue_can_be_listed_with_what_it_asks_for() -> None:
    listed = {(entry.id, entry.kinds): entry for entry in venues()}
    assert len(listed) == len(venues()) > 50
    assert not any(entry.proven for entry in listed.values())
    found = {entry.id: entry for entry in venues()}
    assert found["okx"].kinds == (MarketKind.SPOT, MarketKind.PERPETUAL)
    assert [field.name for field in found["okx"].fields] == ["key", "secret", "passphrase"]
    secret_of = {field.name: field.secret for field in found["hyperliquid"].fields}
    assert secret_of == {"private_key": True, "wallet_address": False}
    assert [field.name for field in found["ndax"].fields] == ["key", "secret", "passphrase", "uid", "login"]


def test_a_proven_venue_is_listed_with_the_markets_for_which_it_is_not() -> None:
    found = {entry.id: entry.kinds for entry in venues()}
    assert found["bitget"] == (MarketKind.SPOT,)
    assert found["binance"] == (MarketKind.PERPETUAL,)
    assert is_proven("bitget", MarketKind.PERPETUAL)
    assert not is_proven("bitget", MarketKind.SPOT)


def test_what_has_neither_spot_nor_linear_swaps_nor_ticks_is_not_listed() -> None:
    """Inverse contracts only; prices by significant digits."""
    assert {"binancecoinm", "bitfinex"} & {entry.id for entry in venues()} == set()


@pytest.mark.parametrize(
    ("name", "kind", "objection"),
    [
        ("okx", MarketKind.PERPETUAL, ""),
        ("bybit", MarketKind.SPOT, ""),
        ("gate", MarketKind.SPOT, ""),
        ("kraken", MarketKind.SPOT, ""),
        ("cex", MarketKind.SPOT, "no_client_id"),
        ("upbit", MarketKind.SPOT, "no_own_trades"),
        ("gemini", MarketKind.SPOT, "no_order_lookup"),
        ("bitrue", MarketKind.PERPETUAL, "no_positions"),
        ("bullish", MarketKind.PERPETUAL, "no_leverage"),
        ("derive", MarketKind.SPOT, "no_book"),
    ],
)
def test_what_makes_trading_impossible_is_named(name: str, kind: MarketKind, objection: str) -> None:
    assert about(name, kind).objection == objection


def test_what_a_venue_can_do_is_told() -> None:
    okx, alpaca = (about(name, MarketKind.SPOT).abilities for name in ("okx", "alpaca"))
    assert all(okx.values())
    assert [name for name, is_able in alpaca.items() if not is_able] == ["post_only", "order_by_client_id", "batch"]
    with pytest.raises(KeyError):
        about("nowhere", MarketKind.SPOT)


def test_every_credential_reaches_ccxt() -> None:
    given = Credentials(**{ours: f"a {theirs}" for ours, theirs in CREDENTIAL_NAMES.items()})
    exchange = connect("okx", unproven(MarketKind.SPOT, ccxt.pro.okx()), given, address=None, timeout_seconds=1)
    assert {theirs: getattr(exchange, theirs) for theirs in exchange.requiredCredentials} == {
        theirs: f"a {theirs}" for theirs in exchange.requiredCredentials
    }


MARKET = {"type": "swap", "swap": True, "linear": True, "settle": "USDT", "precision": {"price": 0.1, "amount": 1}}


@pytest.mark.parametrize(
    ("kind", "changes", "is_there"),
    [
        (MarketKind.PERPETUAL, {}, True),
        (MarketKind.PERPETUAL, {"active": False}, False),
        (MarketKind.PERPETUAL, {"linear": False, "inverse": True, "settle": "BTC"}, False),
        (MarketKind.PERPETUAL, {"linear": None, "quanto": True}, False),
        (MarketKind.PERPETUAL, {"settle": "USDC"}, False),
        (MarketKind.PERPETUAL, {"type": "future", "swap": False, "future": True, "expiry": 1}, False),
        (MarketKind.PERPETUAL, {"type": "option", "option": True, "strike": 1}, False),
        (MarketKind.SPOT, {}, False),
        (MarketKind.SPOT, {"type": "spot", "spot": True, "swap": False, "linear": None}, True),
        (MarketKind.SPOT, {"type": "option", "spot": True, "option": True}, False),
    ],
)
def test_only_spot_and_linear_perpetuals_are_instruments(
    kind: MarketKind, changes: dict[str, object], is_there: bool
) -> None:
    exchange = ccxt.pro.okx()
    names = {"symbol": "BTC/USDT", "base": "BTC", "quote": "USDT"}
    exchange.markets = {"BTC/USDT": {**names, **MARKET, **changes}}
    assert (instruments("okx", exchange, kind) != {}) is is_there


@pytest.mark.parametrize("name", ["binanceus", "okx", "bybit", "gate"])
@pytest.mark.parametrize("kind", list(MarketKind))
async def test_an_unproven_venue_is_taken_to_be_able_to_do_little(name: str, kind: MarketKind) -> None:
    gateway = live_gateway(name, None, kind=kind)
    able = gateway.capabilities
    assert (able.amend, able.place_batch, able.cancel_batch) == (AmendMode.NONE, 1, 1)
    assert not able.is_proven
    assert able.open_orders_need_symbol
    assert able.receive_window >= timedelta(seconds=60)
    assert able.has_positions is (kind is MarketKind.PERPETUAL)
    await gateway.close()
