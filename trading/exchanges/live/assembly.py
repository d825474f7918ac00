"""Puts a live gateway together: what is known of the venue, the connection, the budgets of requests."""

from __future__ import annotations

from trading.clock import Clock, SystemClock
from trading.core.instrument import MarketKind
from trading.exchanges.limiter import Limiter
from trading.exchanges.live.connection import MarketsShelf, connect
from trading.exchanges.live.gateway import LiveGateway
from trading.exchanges.live.profiles import Profile, profile_of, unproven
from trading.exchanges.live.wire import Wire
from trading.exchanges.venues import Credentials
from trading.metering import Meter


def live_gateway(
    venue: str,
    credentials: Credentials | None,
    *,
    kind: MarketKind = MarketKind.PERPETUAL,
    clock: Clock | None = None,
    address: str | None = None,
    shelf: MarketsShelf | None = None,
    limiter: Limiter | None = None,
    order_limiter: Limiter | None = None,
    request_seconds: float = 10,
    queue_seconds: float = 20,
    meter: Meter | None = None,
    book_silence_seconds: float = 60,
    private_silence_seconds: float = 20,
    profile: Profile | None = None,
) -> LiveGateway:
    """A gateway to ``venue`` (ccxt's id). ``address``: where the venue is spoken to instead of its own addresses.

    ``profile``: what is known of the venue, instead of what our own table says.
    Without credentials only public reads work. Raises KeyError for a venue that ccxt does not know, ValueError for an
    address that is neither encrypted nor this machine.
    """
    import ccxt.pro  # noqa: PLC0415  it takes seconds

    if venue not in ccxt.pro.exchanges:
        raise KeyError(venue)
    used_clock = clock or SystemClock()
    profile = profile or profile_of(venue, kind) or unproven(kind, getattr(ccxt.pro, venue)())
    limiter = limiter or Limiter(used_clock)
    wire = Wire(
        connect(venue, profile, credentials, address=address, timeout_seconds=request_seconds),
        profile,
        limiter,
        used_clock,
        request_seconds=request_seconds,
        queue_seconds=queue_seconds,
        meter=meter,
    )
    if profile.order_budget is not None:
        rate, burst = profile.order_budget
        told = limiter.on_throttled
        wire = wire.with_orders(
            order_limiter or Limiter(used_clock, rate=rate, burst=burst, concurrency=20, on_throttled=told)
        )
    return LiveGateway(
        venue,
        wire,
        profile,
        shelf or MarketsShelf(),
        book_silence_seconds=book_silence_seconds,
        private_silence_seconds=private_silence_seconds,
    )
