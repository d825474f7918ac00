"""What ccxt's class for KuCoin does not do: a book without holes, one socket token for one connection, early pings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ccxt

from trading.exchanges.live.sequenced_books import Acknowledgements, BookChange, SequencedBooks

_PING_EVERY_MS = 8_000


class KucoinFeed(SequencedBooks, Acknowledgements):
    """A mixin before ccxt's class."""

    snapshot_depth = 100
    options: dict[str, Any]
    clients: dict[str, Any] | None
    safe_symbol: Any

    async def fetch_markets(self, params: Mapping[str, Any] | None = None) -> Any:
        """Without the lists of margin markets, which only a key may read."""
        return await super().fetch_markets({**(params or {}), "marginables": False})  # type: ignore[misc]

    def read_change(self, message: Mapping[str, Any]) -> tuple[str, BookChange]:
        """Rows are price, size and their own number; a price of 0 only moves the number."""
        data = message["data"]
        bids, asks = (
            [(float(price), float(size)) for price, size, *_ in data["changes"].get(side) or [] if float(price)]
            for side in ("bids", "asks")
        )
        at = int(data["time"]) if data.get("time") else None
        change = BookChange(int(data["sequenceStart"]), int(data["sequenceEnd"]), bids, asks, at)
        return str(self.safe_symbol(data["symbol"], None, "-")), change

    def handle_order_book_subscription(self, client: Any, _: Any, subscription: Mapping[str, Any]) -> None:
        for symbol in subscription["symbols"]:
            self.begin_book(client, symbol)

    def handle_subscription_status(self, client: Any, message: Mapping[str, Any]) -> None:
        topic = client.subscriptions.get(str(message.get("id")))
        super().handle_subscription_status(client, message)  # type: ignore[misc]
        if topic is not None:
            self.acknowledge(client, str(topic))

    async def negotiate_helper(self, *given: Any) -> Any:
        address = await super().negotiate_helper(*given)  # type: ignore[misc]
        if address is not None:
            # The venue allows 18 s between pings; ours come sooner, so that silence is noticed sooner.
            self.client(address).keepAlive = _PING_EVERY_MS
        return address

    def handle_error_message(self, client: Any, message: Mapping[str, Any]) -> bool:
        """A token that expired, a topic that is not there. ccxt raises here, which ends its reading for good."""
        for name, negotiated in list(self.options.get("urls", {}).items()):
            if negotiated.done() and not negotiated.exception() and negotiated.result() == client.url:
                self.options["urls"].pop(name)
        client.on_error(ccxt.NetworkError(f"the venue ends it: {message.get('data')}"))
        return False

    def socket_address(self, name: str) -> str | None:
        """Where ``public`` or ``private`` is connected to, None before and after."""
        negotiated = self.options.get("urls", {}).get(name)
        if negotiated is None or not negotiated.done() or negotiated.cancelled() or negotiated.exception():
            return None
        address: str | None = negotiated.result()
        client = (self.clients or {}).get(address) if address else None
        if client is None or client.error:
            # A token is for one connection: the next one asks for another.
            self.options["urls"].pop(name, None)
            return None
        return address
