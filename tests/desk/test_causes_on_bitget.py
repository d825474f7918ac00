"""From the cause to the message in a chat where a venue must be understood: its own codes over its own wire."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from tests.desk.chats import PEOPLE, Chats, causes
from tests.desk.place import CRV_SYMBOL, GRID, OTHER, OWNER
from tests.desk.test_on_bitget import terms_of
from tests.venues.bitget.server import BitgetVenue
from tests.venues.faults import FaultKind
from trading.core.notices import InsufficientFunds, KeyInvalid, RateLimited
from trading.desk.running import trading
from trading.vault import new_master_key

KEYS = {
    OWNER: {"apiKey": "bg-key", "secret": "bg-secret", "password": "bg-pass"},
    OTHER: {"apiKey": "bg-key-2", "secret": "bg-secret-2", "password": "bg-pass-2"},
}
SETTINGS = {**GRID, "cooldown_seconds": 0}


async def until(chats: Chats, reached: Callable[[], bool]) -> None:
    for _ in range(200):
        if reached():
            return
        await chats.pass_time(0.1)
    raise AssertionError("it did not happen in time")


@causes(RateLimited, InsufficientFunds, KeyInvalid)
async def test_what_bitget_refuses_is_told_to_whom_it_refuses_it(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    chats = Chats()
    async with BitgetVenue() as venue, trading(terms_of(tmp_path, venue, new_master_key())) as desk:
        accounts = {person: venue.world.accounts[key["apiKey"]] for person, key in KEYS.items()}
        await chats.gather_people(desk)
        async with chats.telling(desk):
            for person in PEOPLE:
                key = await desk.add_key(person, "bitget", f"Main {person}", KEYS[person])
                await desk.create(
                    person, key.id, "grid", [CRV_SYMBOL], SETTINGS, accept_danger=True, token=f"t{person}"
                )
            await until(chats, lambda: all(len(each.exchange.open_orders()) == 5 for each in accounts.values()))

            venue.fault(FaultKind.TOO_MANY, "orders-pending", count=4, seconds=1)
            await chats.both_hear(
                RateLimited, "Bitget asks for fewer requests: waiting", "Bitget просит слать запросы реже: жду"
            )

            for account in accounts.values():
                account.exchange.set_balance("USDT", Decimal(1))
            venue.world.set_price("CRVUSDT", Decimal("0.52"))
            await chats.both_hear(InsufficientFunds, "Not enough money on the account", "На счёте не хватает денег")

            for account in accounts.values():
                account.secret = "made anew"
            await chats.hear(
                {OWNER: "Bitget refuses the key “Main 11”", OTHER: "Bitget отклоняет ключ «Main 12»"}, KeyInvalid
            )
            await chats.pass_time(5)
    chats.settle(request.function.causes)
