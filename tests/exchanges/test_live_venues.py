"""What can be known of venues before and after ccxt is loaded."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from trading.core.diff import AmendMode
from trading.core.instrument import MarketKind
from trading.exchanges.live import live_gateway, venues
from trading.exchanges.venues import VENUES, venue


def test_the_catalogue_and_the_limiter_do_not_load_ccxt() -> None:
    code = "import sys, trading.exchanges.venues, trading.exchanges.limiter; assert 'ccxt' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2])


def test_the_catalogue_names_bitget_with_its_fields() -> None:
    bitget = venue("bitget")
    assert [field.name for field in bitget.fields] == ["key", "secret", "passphrase"]
    assert bitget.kinds == (MarketKind.PERPETUAL,)
    with pytest.raises(KeyError):
        venue("nowhere")


def test_every_venue_that_ccxt_streams_can_be_listed_ours_first() -> None:
    listed = venues()
    assert [entry[0] for entry in listed[: len(VENUES)]] == [entry.id for entry in VENUES]
    assert len({entry[0] for entry in listed}) == len(listed) > 50
    assert all(not proven for *_, proven in listed[len(VENUES) :])
    okx = next(entry for entry in listed if entry[0] == "okx")
    assert okx[2] == ("key", "secret", "passphrase")


@pytest.mark.parametrize("name", ["binanceus", "okx", "bybit", "gate"])
@pytest.mark.parametrize("kind", list(MarketKind))
async def test_an_unproven_venue_is_taken_to_be_able_to_do_little(name: str, kind: MarketKind) -> None:
    gateway = live_gateway(name, None, kind=kind)
    able = gateway.capabilities
    assert (able.amend, able.place_batch, able.cancel_batch) == (AmendMode.NONE, 1, 1)
    assert able.open_orders_need_symbol
    assert able.receive_window >= timedelta(seconds=60)
    assert able.has_positions is (kind is MarketKind.PERPETUAL)
    await gateway.close()
