"""What ccxt's Binance lacks on its sockets, as a class that stands before it.

- Requests to the ws-api as they are, answered whole: ccxt's own lose balances, refuse the spot book, add parameters
  that the venue refuses, and wait for ever.
- The user's events one by one: ccxt merges what arrives between two awaits into caches that it then changes.
- The book's snapshot from wherever ``read_snapshot`` says, checked against every event that waited for it.
- A frame that cannot be read closes its socket: in ccxt it silently ends the reading of it.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from itertools import count, pairwise
from typing import Any, cast

import ccxt

from trading.exchanges.errors import NotSent, Throttled, Unavailable

USER_STREAM = "userDataStream.subscribe.signature"
_SNAPSHOT_TRIES = 5
_SNAPSHOT_DEPTH = 1000
_numbers = count(1)


class BinanceSockets:
    """``read_snapshot`` fetches a market's book; whoever uses this class sets it. ``dial_seconds`` bounds a dial."""

    read_snapshot: Callable[[str, int], Awaitable[Mapping[str, Any]]]
    dial_seconds = 5.0

    @property
    def _ccxt(self) -> Any:
        return self

    @property
    def api_address(self) -> str:
        return str(self._ccxt.urls["api"]["ws"]["ws-api"]["spot"])

    @property
    def ears(self) -> list[Callable[[Mapping[str, Any]], None]]:
        """Who hears the user's events."""
        heard_by: list[Callable[[Mapping[str, Any]], None]] = self.__dict__.setdefault("_ears", [])
        return heard_by

    # Asking

    async def line(self) -> Any:
        """The open socket of the ws-api, dialed if need be; None while it cannot be had."""
        exchange, address = self._ccxt, self.api_address
        client = (exchange.clients or {}).get(address)
        if client is not None and client.isConnected and not client.closed():
            return client
        if client is not None and client.isConnected:
            # It was closed, and nobody has told ccxt yet.
            client.on_error(ccxt.NetworkError("closed"))
            exchange.clients.pop(address, None)
        if exchange.ws_dial_delay(address) > 0:
            return None
        client = exchange.client(address)
        # A dial that fails is told to whoever waits for anything, not to who waits for the connection.
        failed = client.future("dial")
        failed.add_done_callback(_seen)
        connected = client.connect(exchange.session)
        await asyncio.wait({connected, failed}, timeout=self.dial_seconds, return_when=asyncio.FIRST_COMPLETED)
        return client if connected.done() and client.isConnected else None

    async def ask(self, method: str, params: Mapping[str, Any], seconds: float, *, signed: bool = True) -> Any:
        """The ``result`` of an answer, sent at most once.

        Raises NotSent where no socket can be had, Throttled, TimeoutError after ``seconds``,
        ccxt.ExchangeError with the error as JSON, and ccxt.NetworkError when the socket breaks.
        """
        client = await self.line()
        if client is None or client.closed():
            raise NotSent("no connection to the ws-api")
        number = f"mg{next(_numbers)}"
        sent_at = self._ccxt.milliseconds()
        answer = client.future(number)
        request = {"id": number, "method": method, "params": dict(params)}
        if signed:
            request["params"] = self._ccxt.sign_params(dict(params))
        try:
            async with asyncio.timeout(seconds):
                await client.send(request)
                told = await answer
        except TimeoutError:
            if (client.last_message_at or 0) < sent_at:
                # Not even somebody else's answer: whatever listens on this socket is told now.
                client.on_error(ccxt.NetworkError("silent"))
            raise
        except asyncio.CancelledError:
            if answer.cancelled() and not _is_canceled():
                raise ccxt.NetworkError("closed while an answer was due") from None
            raise
        finally:
            client.futures.pop(number, None)
        return self._result(told)

    def _result(self, told: Mapping[str, Any]) -> Any:
        if told.get("status") == 200:
            return told.get("result")
        error = told.get("error")
        error = error if isinstance(error, dict) else {}
        if told.get("status") in (418, 429):
            data = error.get("data")
            until = data.get("retryAfter") if isinstance(data, dict) else None
            seconds = (int(until) - self._ccxt.milliseconds()) / 1000 if until else 1.0
            raise Throttled(max(0.0, seconds), str(error.get("msg") or ""))
        # As REST would have said it.
        raise ccxt.ExchangeError(json.dumps(error))

    async def subscribe(self, seconds: float) -> Any:
        """The socket over which the user's events come, asked for once per connection."""
        async with self.__dict__.setdefault("_subscribing", asyncio.Lock()):
            client = await self.line()
            if client is None:
                raise Unavailable("no connection to the ws-api")
            if USER_STREAM not in client.subscriptions:
                told = await self.ask(USER_STREAM, {}, seconds)
                if not isinstance(told, dict) or "subscriptionId" not in told:
                    raise Unavailable("the user's events were not promised")
                client.subscriptions[USER_STREAM] = True
            return client

    def is_subscribed(self) -> bool:
        client = (self._ccxt.clients or {}).get(self.api_address)
        return client is not None and USER_STREAM in client.subscriptions

    # Hearing

    def client(self, url: str) -> Any:
        known = url in (self._ccxt.clients or {})
        client = cast(Any, super()).client(url)
        if not known:
            read = client.handle_text_or_binary_message

            def loudly(data: Any) -> None:
                try:
                    read(data)
                except Exception as exc:  # the edge of ccxt's reading loop, which would end without a word
                    client.on_error(ccxt.NetworkError(f"unreadable frame ({type(exc).__name__})"))

            client.handle_text_or_binary_message = loudly
        return client

    def is_spot_url(self, client: Any) -> bool:
        """Only spot is spoken here; ccxt looks for it in the address, which may be any."""
        return True

    def handle_message(self, client: Any, message: Any) -> None:
        if not isinstance(message, dict):
            raise ccxt.BadResponse("not an object")
        if client.url != self.api_address:
            cast(Any, super()).handle_message(client, message)
        elif message.get("id") is not None:
            client.resolve(message, str(message["id"]))
        elif isinstance(message.get("event"), dict):
            if message["event"].get("e") == "eventStreamTerminated":
                client.subscriptions.pop(USER_STREAM, None)
            for ear in list(self.ears):
                ear(message["event"])
        elif "error" in message:
            raise ccxt.BadResponse("an error about nothing that was asked")

    async def fetch_order_book_snapshot(self, client: Any, message: Any, subscription: Mapping[str, Any]) -> None:
        symbol = subscription["symbol"]
        name = f"orderbook::{symbol}"
        try:
            book = await self._seeded_book(client, symbol)
        except Exception as exc:  # the edge of a task of ccxt's: whoever waits for the book must hear of it
            client.subscriptions.pop(name, None)
            client.reject(exc if isinstance(exc, ccxt.BaseError) else ccxt.NetworkError(str(exc)), name)
        else:
            if book is not None:
                client.resolve(book, name)

    async def _seeded_book(self, client: Any, symbol: str) -> Any:
        """The book from a snapshot and the events that waited for it; None when nobody wants it any more."""
        exchange = self._ccxt
        for _ in range(_SNAPSHOT_TRIES):
            told = await self.read_snapshot(symbol, _SNAPSHOT_DEPTH)
            book = exchange.orderbooks.get(symbol)
            if book is None:
                return None
            last = int(told["lastUpdateId"])
            later = [event for event in book.cache if int(event["u"]) > last]
            if later and int(later[0]["U"]) > last + 1:
                continue
            if any(int(after["U"]) != int(before["u"]) + 1 for before, after in pairwise(later)):
                raise ccxt.ChecksumError("a gap in the stream")
            book.reset({**exchange.parse_order_book(told, symbol), "nonce": last})
            book.cache = []
            for event in later:
                exchange.handle_order_book_message(client, event, book)
            return book
        raise ccxt.NetworkError("snapshots stay behind the stream")


def _seen(future: asyncio.Future[Any]) -> None:
    if not future.cancelled():
        future.exception()


def _is_canceled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
