"""A desk with everything real behind it but the far side of the wire: keys open accounts of the matching core."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.simulation.line import CountedStorage
from tests.simulation.world import CRV, ClockTimers, HouseClock, ScriptedMarket
from trading.clock import Clock
from trading.core.instrument import MarketKind, Side
from trading.core.orders import OrderType, Role
from trading.core.planning import TargetOrder
from trading.desk.answers import BotCard, DeskError
from trading.desk.connecting import Connections, LiveTerms
from trading.desk.desk import Desk
from trading.desk.gates import settle
from trading.desk.house import DeskLimits, House
from trading.desk.paper_house import PaperTerms
from trading.desk.paper_prices import PaperPrices, PriceKind
from trading.exchanges.errors import BadCredentials, Unavailable, VenueError
from trading.exchanges.gateway import Account, Gateway, NewOrder, PrivateEvent
from trading.exchanges.paper import PaperGateway
from trading.exchanges.paper_store import MemoryStore
from trading.exchanges.paper_venue import PaperVenue
from trading.exchanges.venues import is_proven
from trading.runtime.accounts import AccountId
from trading.runtime.outbox import Outbox, notice_book
from trading.runtime.station import RuntimeLimits
from trading.runtime.supervisor import Supervisor
from trading.runtime.worker import Worker
from trading.storage import Storage
from trading.strategies import STRATEGIES
from trading.vault import Vault, new_master_key

ADMIN, OWNER, OTHER = 1, 11, 12
CRV_SYMBOL, BTC_SYMBOL, SPOT_SYMBOL = "CRV/USDT:USDT", "BTC/USDT:USDT", "CRV/USDT"
BTC = replace(CRV, symbol=BTC_SYMBOL, base="BTC", price_tick=Decimal("0.1"), amount_step=Decimal("0.0001"),
              min_amount=Decimal("0.0001"))  # fmt: skip
SPOT = replace(CRV, symbol=SPOT_SYMBOL, kind=MarketKind.SPOT)
GRID = {"deposit": "50", "leverage": 5, "grid_levels": 5, "coverage_percent": "10", "martingale_multiplier": "1.3"}
"""Safe at 5 times: nothing to refuse, nothing dangerous."""
DANGEROUS = {**GRID, "leverage": 20, "coverage_percent": "40"}
SECRET = "far-secret-5551"


def credentials(api_key: str) -> dict[str, str]:
    return {"apiKey": api_key, "secret": SECRET, "password": "far-pass-5552"}


@dataclass
class FarKey:
    """What the venue knows of one API key, and how it behaves."""

    usdt: Decimal = Decimal(1000)
    can_withdraw: bool | None = False
    is_hedged: bool = False
    has_stream: bool = True
    trouble: VenueError | None = None
    """Raised by every request while it is there."""


class FarGateway(PaperGateway):
    """An account of the matching core that calls itself a live one."""

    venue = "bitget"

    def __init__(self, place: Place, api_key: str, far: FarKey, venue: str, kind: MarketKind) -> None:
        super().__init__(place.venue, place.accounts, api_key, balances={"USDT": far.usdt}, faults=self._answer)
        self._far, self._around, self._api_key = far, place, api_key
        self.venue = venue
        self.capabilities = replace(
            self.capabilities,
            is_paper=False,
            is_proven=is_proven(venue, kind),
            has_private_stream=far.has_stream,
        )

    def watch_private(self, symbols: Sequence[str]) -> AsyncIterator[PrivateEvent]:
        assert self._far.has_stream, "there is no such stream here"
        return super().watch_private(symbols)

    async def open(self) -> None:
        await self._answer("open")
        await super().open()

    async def account(self) -> Account:
        return replace(await super().account(), can_withdraw=self._far.can_withdraw, is_hedged=self._far.is_hedged)

    async def _answer(self, point: str) -> None:
        if self._far.trouble is not None:
            raise self._far.trouble
        await self._around.fault(self._api_key, point)


class FarConnections(Connections):
    """The desk's own connections, with another far side."""

    def __init__(self, place: Place, storage: Storage, vault: Vault) -> None:
        super().__init__(storage, vault, LiveTerms(), PaperDoor(place), place.clock)  # type: ignore[arg-type]
        self._place = place

    async def _open_live(
        self, venue: str, credentials: Mapping[str, str] | None, kind: MarketKind, account: AccountId | None = None
    ) -> Gateway:
        assert credentials is not None
        far = self._place.keys.get(credentials["apiKey"])
        if far is None or credentials["secret"] != SECRET:
            raise BadCredentials(f"no such key at https://far.example/v1?apiKey={credentials['apiKey']}&sign=abcd")
        gateway = FarGateway(self._place, credentials["apiKey"], far, venue, kind)
        await gateway.open()
        self._place.gateways[credentials["apiKey"]] = gateway
        return gateway


class PaperDoor:
    """Where the composition root's paper house stands."""

    def __init__(self, place: Place) -> None:
        self._place, self.clock, self.terms = place, place.clock, PaperTerms()

    async def open(self, user_id: int) -> Gateway:
        async def answer(point: str) -> None:
            if self._place.paper_trouble is not None:
                raise self._place.paper_trouble
            await self._place.fault(str(user_id), point)

        await answer("open")
        place = self._place
        gateway = PaperGateway(place.venue, place.accounts, str(user_id), balances=place.wallet, faults=answer)
        await gateway.open()
        self._place.gateways[str(user_id)] = gateway
        return gateway

    def clock_of(self, user_id: int) -> HouseClock:
        return self.clock

    async def prices_of(self, user_id: int) -> PaperPrices:
        return PaperPrices(PriceKind.SIMULATED)

    async def forget(self, prices: PaperPrices) -> None:
        assert not prices.file, "nobody brings recordings here"

    async def elsewhere(self, venue: str, prices: PaperPrices, clock: Clock) -> Gateway:
        far, fault = self._place.venue.elsewhere(venue), self._place.fault
        gateway = PaperGateway(far, MemoryStore(), venue, faults=lambda point: fault(venue, point))
        await gateway.open()
        self._place.gateways[venue] = gateway
        return gateway


@dataclass
class Place:
    """What is outside of the desk: time, markets, accounts at venues, the database's file, the settings.

    Time stands still while the database works, however long that takes the machine.
    """

    path: Path
    limits: DeskLimits = field(default_factory=DeskLimits)
    admins: frozenset[int] = frozenset({ADMIN})
    clock: HouseClock = field(default_factory=HouseClock)
    accounts: MemoryStore = field(default_factory=MemoryStore)
    keys: dict[str, FarKey] = field(default_factory=dict)
    paper_trouble: VenueError | None = None
    wallet: Mapping[str, Decimal] = field(default_factory=lambda: {"USDT": Decimal(10_000)})
    """What a new paper account holds."""
    busy_seconds: float = 5.0
    """How long the database waits for somebody else's lock."""
    gateways: dict[str, PaperGateway] = field(default_factory=dict)
    master_key: str = field(default_factory=new_master_key)
    markets: dict[str, ScriptedMarket] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for instrument, price in ((CRV, "0.5"), (BTC, "60000"), (SPOT, "0.5")):
            self.markets[instrument.symbol] = ScriptedMarket(instrument, Decimal(price))
        self.venue = PaperVenue(self.clock, list(self.markets.values()))

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Desk]:
        """A desk on what the database has, with two active members; leaving ends it cleanly."""
        storage = await self._storage()
        vault, timers = Vault([self.master_key]), ClockTimers()
        outbox = self.outbox = Outbox(storage, sorted(self.admins), self.clock.now, notice_book(STRATEGIES.values()))
        connections = await self._connections(storage, vault)
        self.supervisor = Supervisor(
            storage=storage,
            connector=connections,
            strategies=STRATEGIES,
            timers=timers,
            limits=RuntimeLimits(),
            outbox=outbox,
            clock=self.clock,
        )
        self.storage, self.timers = storage, timers
        desk = Desk(
            House(
                storage=storage,
                vault=vault,
                supervisor=self.supervisor,
                connections=connections,
                outbox=outbox,
                strategies=STRATEGIES,
                admin_ids=self.admins,
                limits=self.limits,
                copies=self.path.parent / "copies",
                now=self.clock.now,
            )
        )
        try:
            await self._let_in(desk)
            await storage.write(lambda connection: settle(connection, self.admins, self.clock.now()))
            await self.supervisor.restore()
            yield desk
        finally:
            await self.supervisor.close()
            await timers.close()
            await storage.close()

    async def _storage(self) -> Storage:
        url = f"sqlite+aiosqlite:///{self.path}"
        storage = await CountedStorage.open(url, now=self.clock.now, busy_seconds=self.busy_seconds)
        storage.busy = self.clock.busy
        return storage

    async def _connections(self, storage: Storage, vault: Vault) -> Connections:
        return FarConnections(self, storage, vault)

    async def _let_in(self, desk: Desk) -> None:
        if await desk.person(OWNER) is not None:
            return
        for member in (OWNER, OTHER):
            await desk.arrive(member, f"Member {member}", None, "en")
            await desk.decide_access(ADMIN, member, approve=True)
        await desk.notices_delivered([notice.id for notice in await desk.waiting_notices()])

    # What happens outside

    async def fault(self, account: str, point: str) -> None:
        """What an account (a person's on paper, an API key's, another venue's) meets at a point like "place.before"."""

    def price(self, price: str, symbol: str = CRV_SYMBOL) -> None:
        self.markets[symbol].price = Decimal(price)

    def away(self) -> None:
        self.paper_trouble = Unavailable("the venue is away")

    def back(self) -> None:
        self.paper_trouble = None

    async def by_hand(self, side: Side, amount: str, account: str = str(OWNER), symbol: str = CRV_SYMBOL) -> None:
        """The owner trades on the account, past the bot."""
        target = TargetOrder("hand", Role.ENTRY, side, OrderType.MARKET, Decimal(amount))
        await self.gateways[account].place([NewOrder(f"hand{self.clock.now().timestamp():.0f}", symbol, target)])

    def held(self, account: str = str(OWNER), symbol: str = CRV_SYMBOL) -> Decimal:
        """The position by the venue's own books."""
        books = self.gateways[account].books_of_the_venue
        return next((position.amount for position in books.positions() if position.symbol == symbol), Decimal(0))

    def stored_bytes(self) -> bytes:
        """Everything that is on the disk."""
        return all_bytes(self.path.parent)

    def resting(self, account: str = str(OWNER)) -> int:
        return len(self.gateways[account].books_of_the_venue.open_orders())

    async def pass_time(self, seconds: float) -> None:
        await self.clock.advance(seconds)

    async def until(self, reached: Callable[[], bool], seconds: float = 120) -> None:
        deadline = self.clock.now() + timedelta(seconds=seconds)
        while not reached():
            assert self.clock.now() < deadline, "it did not happen in time"
            await self.pass_time(0.5)

    # What is inside

    def worker(self, bot_id: int) -> Worker:
        found = self.supervisor.worker(bot_id)
        assert found is not None
        return found

    async def ended(self, bot_id: int) -> None:
        await self.until(lambda: self.supervisor.worker(bot_id) is None)

    async def settled(self, bot_id: int) -> None:
        """Four levels and the take-profit of level 0 rest, and the bot knows it."""
        await self.until(lambda: resting_of(self.worker(bot_id)) == 5 and has_exit(self.worker(bot_id)))


def all_bytes(folder: Path) -> bytes:
    return b"".join(part.read_bytes() for part in folder.iterdir() if part.is_file())


def resting_of(worker: Worker) -> int:
    return sum(1 for order in worker.bench.books.live.values() if order.status.value == "open")


def has_exit(worker: Worker) -> bool:
    return any(order.role is Role.TAKE_PROFIT for order in worker.bench.books.live.values())


async def a_bot(
    desk: Desk, place: Place, *, press: str = "made", key_id: int | None = None, **settings: Any
) -> BotCard:
    """A grid that has begun: it holds level 0, and the rest of it is resting."""
    config = {**GRID, **settings}
    [card] = await desk.create(OWNER, key_id, "grid", [CRV_SYMBOL], config, accept_danger=True, token=press)
    await place.settled(card.id)
    return card


@asynccontextmanager
async def refused(code: str) -> AsyncIterator[None]:
    """What is done within must be refused with this code."""
    with pytest.raises(DeskError) as caught:
        yield
    assert caught.value.code == code, caught.value
