"""Opens the gateway to an account: a person's key at a venue, or their paper account."""

from __future__ import annotations

import asyncio
import importlib
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import ModuleType
from typing import TYPE_CHECKING

from trading.clock import Clock, SystemClock
from trading.core.instrument import MarketKind
from trading.exchanges.errors import BadCredentials, UnknownVenue
from trading.exchanges.gateway import Account, Gateway
from trading.exchanges.limiter import Limiter
from trading.exchanges.venues import CREDENTIAL_NAMES, VENUES, About, Credentials, Venue, is_proven
from trading.metering import Meter
from trading.runtime.accounts import AccountId
from trading.storage import Storage, keys, market_cache
from trading.vault import SealBroken, Vault, VaultLocked

if TYPE_CHECKING:
    from trading.desk.paper_house import PaperHouse
    from trading.exchanges.live.connection import MarketsShelf

PAPER = "paper"
NOBODY = 0
"""The paper account that only looks."""


@dataclass(frozen=True, slots=True)
class LiveTerms:
    """How live venues are spoken to. ``addresses`` maps a venue to the address to use instead of its own.

    ``requests_per_minute`` is for each key; ``venue_requests`` overrides it by venue.
    """

    addresses: Mapping[str, str] = field(default_factory=dict)
    requests_per_minute: int = 100
    venue_requests: Mapping[str, int] = field(default_factory=dict)
    concurrent_requests: int = 5


class Connections:
    """The runtime's Connector. Loads ccxt in a thread, at the first need: it takes seconds.

    ``clock`` is the time that live accounts live by; the machine's, but in tests. ``on_throttled`` hears which account
    was asked by which venue to rest for how many seconds.
    """

    def __init__(
        self,
        storage: Storage,
        vault: Vault,
        terms: LiveTerms,
        paper: PaperHouse,
        clock: Clock | None = None,
        on_throttled: Callable[[AccountId, str, float], None] | None = None,
        meter: Meter | None = None,
    ) -> None:
        self._storage, self._vault, self._terms = storage, vault, terms
        self.paper = paper
        self._clock = clock or SystemClock()
        self._on_throttled = on_throttled
        self._meter = meter
        self._shelf: MarketsShelf | None = None
        self._public: dict[str, Gateway] = {}
        self._opening: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def connect(self, account: AccountId) -> tuple[Gateway, Clock]:
        """See ``trading.runtime.accounts.Connector``."""
        if account.key_id is None:
            return await self.paper.open(account.user_id), self.paper.clock_of(account.user_id)
        key_id = account.key_id
        record = await self._storage.read(lambda c: keys.find_key(c, key_id, account.user_id))
        if record is None:
            raise BadCredentials("the key does not exist any more")
        try:
            opened = self._vault.open(record.sealed, user_id=account.user_id, key_id=key_id)
        except (SealBroken, VaultLocked) as broken:
            raise BadCredentials("the stored key cannot be opened") from broken
        kind = MarketKind(record.kind) if record.kind else kind_of(record.venue)
        return await self._open_live(record.venue, opened, kind, account), self._clock

    async def public(self, account: AccountId, venue: str) -> Gateway:
        """See ``trading.runtime.accounts.Connector``."""
        if account.key_id is None:
            return await self._public_on_paper(venue, account.user_id)
        return await self.look_at(venue)

    async def look_at(self, venue: str) -> Gateway:
        """A live venue's public side. Raises VenueError."""
        return await self._shared(venue, lambda: self._open_live(venue, None, kind_of(venue)))

    async def _public_on_paper(self, venue: str, user_id: int) -> Gateway:
        """On paper every other venue is simulated too, unless prices are live; only names that are venues, or there
        would be no end of them. What follows it lives by the account's clock, so its books are told by that one.
        """
        if venue == PAPER:
            return await self._shared(PAPER, lambda: self.paper.open(NOBODY))
        if venue not in {entry.id for entry in VENUES}:
            raise UnknownVenue(f"{venue} is not a venue that is simulated")
        prices, clock = await self.paper.prices_of(user_id), self.paper.clock_of(user_id)
        name = f"{PAPER} {venue} {prices.to_json()} {id(clock)}"
        return await self._shared(name, lambda: self.paper.elsewhere(venue, prices, clock))

    async def _shared(self, name: str, open_it: Callable[[], Awaitable[Gateway]]) -> Gateway:
        """One public gateway for all, opened at the first need."""
        async with self._opening[name]:
            if name not in self._public:
                self._public[name] = await open_it()
            return self._public[name]

    async def close(self) -> None:
        """End the public gateways; those of accounts belong to who asked for them."""
        for gateway in self._public.values():
            await gateway.close()
        self._public.clear()

    async def catalogue(self) -> Sequence[Venue]:
        """Venues that may be tried beside the proven ones, as ccxt knows them."""
        found: Sequence[Venue] = await asyncio.to_thread((await _live()).venues)
        return found

    async def about(self, venue: str, kind: MarketKind) -> About:
        """What can be known of a venue without asking it. A proven one needs no telling."""
        if is_proven(venue, kind):
            return About("", {})
        try:
            found: About = await asyncio.to_thread((await _live()).about, venue, kind)
        except KeyError as gone:
            raise UnknownVenue(f"{venue} is not a venue that can be spoken to") from gone
        return found

    async def probe(self, venue: str, credentials: Mapping[str, str], kind: MarketKind) -> Account:
        """What a key can see: balances and, where the venue tells, permissions. Raises VenueError."""
        gateway = await self._open_live(venue, credentials, kind)
        try:
            return await gateway.account()
        finally:
            await gateway.close()

    async def _open_live(
        self, venue: str, credentials: Mapping[str, str] | None, kind: MarketKind, account: AccountId | None = None
    ) -> Gateway:
        live = await _live()
        if self._shelf is None:
            self._shelf = live.MarketsShelf(_Cache(self._storage, self._clock))
        terms = self._terms
        rate = terms.venue_requests.get(venue, terms.requests_per_minute)
        try:
            opened = credentials and Credentials(
                **{ours: credentials.get(theirs, "") for ours, theirs in CREDENTIAL_NAMES.items()}
            )
            gateway: Gateway = live.live_gateway(
                venue,
                opened or None,
                kind=kind,
                address=terms.addresses.get(venue),
                shelf=self._shelf,
                limiter=Limiter(
                    self._clock,
                    rate=rate,
                    concurrency=terms.concurrent_requests,
                    on_throttled=self._throttling_of(account, venue),
                ),
                clock=self._clock,
                meter=self._meter,
            )
        except KeyError as gone:
            raise UnknownVenue(f"{venue} is not a venue that can be spoken to") from gone
        try:
            await gateway.open()
        except BaseException:
            # Also when the caller gave up: nobody else knows of its connections.
            await gateway.close()
            raise
        return gateway

    def _throttling_of(self, account: AccountId | None, venue: str) -> Callable[[float], None] | None:
        heard = self._on_throttled
        if account is None or heard is None:
            return None
        return lambda seconds: heard(account, title_of(venue), seconds)


def kind_of(venue: str) -> MarketKind:
    """The kind of market that a venue's keys trade here; spot where we do not know."""
    return next((entry.kinds[0] for entry in VENUES if entry.id == venue), MarketKind.SPOT)


async def _live() -> ModuleType:
    return await asyncio.to_thread(importlib.import_module, "trading.exchanges.live")


class _Cache:
    """Market rules in the database, so that a start costs no request for them."""

    def __init__(self, storage: Storage, clock: Clock) -> None:
        self._storage, self._clock = storage, clock

    async def load(self, venue: str) -> str | None:
        found = await self._storage.read(lambda c: market_cache.load(c, venue))
        return found[0] if found else None

    async def save(self, venue: str, text: str) -> None:
        at = self._clock.now()
        await self._storage.write(lambda c: market_cache.save(c, venue, text, at))


def title_of(venue: str) -> str:
    """A venue's name as people write it."""
    titles = {entry.id: entry.title for entry in VENUES}
    return "Paper" if venue == "paper" else titles.get(venue, venue)
