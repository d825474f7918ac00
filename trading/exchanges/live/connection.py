"""One ccxt exchange instance: made strict, its addresses rewritten, its market rules cached and shared."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator, Mapping
from typing import Any, Protocol
from urllib.parse import urlsplit

import ccxt
import ccxt.pro

from trading.exchanges.live.profiles import Profile
from trading.exchanges.venues import CREDENTIAL_NAMES, Credentials

_PING_MILLISECONDS = 5_000
"""ccxt asks some venues only every 30 s for a sign of life, and a quiet stream is called dead before that."""
_MARKETS_AGE_SECONDS = 24 * 3600
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class MarketsCache(Protocol):
    """Where market rules outlive the process, as JSON text."""

    async def load(self, venue: str) -> str | None: ...

    async def save(self, venue: str, text: str) -> None: ...


class MarketsShelf:
    """The market rules of each venue, loaded once and shared by all its instances."""

    def __init__(self, cache: MarketsCache | None = None) -> None:
        self._cache = cache
        self._sources: dict[str, Any] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    async def fill(self, exchange: Any, fetch: Any) -> None:
        """Give ``exchange`` its markets: from another instance, from the cache, or by ``await fetch()``."""
        name = f"{exchange.id}:{exchange.options.get('defaultType')}"
        async with self._locks.setdefault(name, asyncio.Lock()):
            if name in self._sources:
                exchange.set_markets_from_exchange(self._sources[name])
                return
            if not await self._restore(name, exchange):
                await fetch()
                if self._cache is not None:
                    await self._cache.save(name, _dump(exchange))
            self._sources[name] = exchange

    async def _restore(self, name: str, exchange: Any) -> bool:
        text = await self._cache.load(name) if self._cache is not None else None
        if not text:
            return False
        try:
            stored = json.loads(text)
            if time.time() - stored["at"] > _MARKETS_AGE_SECONDS or not stored["markets"]:
                return False
            exchange.set_markets(stored["markets"], stored["currencies"])
        except (ValueError, KeyError, TypeError, ccxt.BaseError):
            return False
        return True


def connect(
    venue: str,
    profile: Profile,
    credentials: Credentials | None,
    *,
    address: str | None,
    timeout_seconds: float,
) -> Any:
    """A ccxt.pro instance that takes no answer for good which does not look like one."""
    base = getattr(ccxt.pro, venue)
    strict = type(f"Strict{base.__name__}", (*profile.mixins, base), {"handle_errors": _strict(base, profile)})
    exchange = strict(
        {
            "enableRateLimit": False,
            "timeout": int(timeout_seconds * 1000),
            "options": {"maxRetriesOnFailure": 0, "adjustForTimeDifference": False, **profile.options},
        }
    )
    exchange.has.update(profile.has)
    exchange.timeout_on_exit = 0
    keep_alive = min(exchange.streaming["keepAlive"], _PING_MILLISECONDS)
    exchange.streaming = {**exchange.streaming, "keepAlive": keep_alive}
    if credentials is not None:
        for ours, theirs in CREDENTIAL_NAMES.items():
            if value := getattr(credentials, ours):
                setattr(exchange, theirs, value)
    if address is not None:
        exchange.urls["api"] = rewritten(exchange.urls["api"], address)
    return exchange


def _strict(base: Any, profile: Profile) -> Any:
    def handle_errors(self: Any, code: int, *seen: Any) -> Any:
        """ccxt hands over: reason, url, method, headers, body, parsed answer, request's headers and body."""
        try:
            judged = base.handle_errors(self, code, *seen)
        except ccxt.BaseError as exc:
            # Where ccxt knows a venue's sentence it leaves the code out, and only the code proves a refusal.
            if seen[4] and seen[4] not in str(exc):
                exc.args = (f"{exc} {seen[4]}",)
            raise
        if code < 400 and not _looks_good(profile, seen[2], seen[5]):
            raise ccxt.BadResponse(f"{self.id} answered {code} with something else")
        return judged

    return handle_errors


def _looks_good(profile: Profile, method: str, response: Any) -> bool:
    if not profile.is_proven and response == {}:
        # Only keeping a listener alive is known to be answered like that.
        return method == "PUT"
    if profile.markers is None:
        return isinstance(response, dict | list)
    key, value = profile.markers
    return isinstance(response, dict) and response.get(key) == value and "data" in response


def rewritten(addresses: Any, base: str) -> Any:
    """Every address below ``addresses`` moved to ``base``; the path stays. Sockets become ws or wss as base is.

    Raises ValueError for a base that is neither encrypted nor this machine.
    """
    parts = urlsplit(base)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("a venue address must be http or https")
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        raise ValueError("a venue address must be https or this machine's own")
    if isinstance(addresses, Mapping):
        return {key: rewritten(value, base) for key, value in addresses.items()}
    if isinstance(addresses, list):
        return [rewritten(value, base) for value in addresses]
    if not isinstance(addresses, str) or "://" not in addresses:
        return addresses
    old = urlsplit(addresses)
    scheme = parts.scheme.replace("http", "ws") if old.scheme.startswith("ws") else parts.scheme
    query = f"?{old.query}" if old.query else ""
    return f"{scheme}://{parts.netloc}{parts.path.rstrip('/')}{old.path}{query}"


def addresses(exchange: Any) -> Iterator[str]:
    """Every address the instance may use."""
    waiting = [exchange.urls["api"]]
    while waiting:
        entry = waiting.pop()
        if isinstance(entry, Mapping):
            waiting.extend(entry.values())
        elif isinstance(entry, str):
            yield entry


def _dump(exchange: Any) -> str:
    stored = {"at": time.time(), "markets": exchange.to_array(exchange.markets), "currencies": exchange.currencies}
    return json.dumps(stored, default=str)
