"""What ccxt's class for MEXC does not do: a book without holes, no look at the perpetual markets, confirmations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trading.exchanges.live.sequenced_books import Acknowledgements, BookChange, SequencedBooks

_DEPTH_CHANNEL = "public.aggre.depth"


class MexcFeed(SequencedBooks, Acknowledgements):
    """A mixin before ccxt's class."""

    snapshot_depth = 1000
    safe_symbol: Any

    async def fetch_swap_markets(self, *_: Any) -> list[Any]:
        return []

    def read_change(self, message: Mapping[str, Any]) -> tuple[str, BookChange]:
        data = message["publicAggreDepths"]
        bids, asks = (
            [(float(row["price"]), float(row["quantity"])) for row in data.get(side) or []] for side in ("bids", "asks")
        )
        at = int(message["sendTime"]) if message.get("sendTime") else None
        change = BookChange(int(data["fromVersion"]), int(data["toVersion"]), bids, asks, at)
        return str(self.safe_symbol(message["symbol"], None, None, "spot")), change

    def handle_subscription_status(self, client: Any, message: Mapping[str, Any]) -> None:
        """A confirmation repeats the channel; ccxt takes its frequency for the market."""
        topic = str(message.get("msg") or "")
        if _DEPTH_CHANNEL in topic and topic.startswith("spot@"):
            self.begin_book(client, str(self.safe_symbol(topic.rpartition("@")[2], None, None, "spot")))
            return
        super().handle_subscription_status(client, message)  # type: ignore[misc]
        if topic.startswith("spot@private"):
            self.acknowledge(client, topic)
