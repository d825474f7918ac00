"""Recorded market streams of Binance, played through the venue: real books, real trades, our orders behind them."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from decimal import Decimal
from heapq import nlargest, nsmallest
from pathlib import Path
from typing import Any

from tests.venues.binance.world import World
from trading.core.instrument import Side
from trading.core.market import BookLevel

_DEPTH = 200


def frames(path: Path) -> Iterator[dict[str, Any]]:
    """A line is ``<local time in ns> <JSON as received>``."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            message = json.loads(line.partition(" ")[2])
            yield message.get("data", message)


class Recording:
    """Plays one market's frames. The book is the snapshot with all that was heard from then on."""

    def __init__(self, path: Path, market_id: str, world: World) -> None:
        self._market_id, self._world = market_id, world
        self._sides: dict[str, dict[Decimal, Decimal]] = {"b": {}, "a": {}}
        self._frames = frames(path)
        self._early: list[dict[str, Any]] = []
        self._last_id: int | None = None
        self.shown = self.traded = 0

    def play(self, count: int) -> int:
        """The next ``count`` frames; answers how many there were."""
        played = 0
        for frame in self._frames:
            self._hear(frame)
            played += 1
            if played == count:
                break
        return played

    def _hear(self, frame: dict[str, Any]) -> None:
        if "lastUpdateId" in frame and self._last_id is None:
            self._last_id = int(frame["lastUpdateId"])
            self._change({"b": frame["bids"], "a": frame["asks"]})
            for early in self._early:
                self._update(early)
            self._show()
        elif frame.get("e") == "depthUpdate":
            if self._last_id is None:
                self._early.append(frame)
            elif self._update(frame):
                self._show()
        elif frame.get("e") == "trade" and self._last_id is not None:
            self.traded += 1
            side = Side.SELL if frame["m"] else Side.BUY
            self._world.trade(self._market_id, side, Decimal(frame["p"]), Decimal(frame["q"]))

    def _update(self, frame: dict[str, Any]) -> bool:
        assert self._last_id is not None
        if frame["u"] <= self._last_id:
            return False
        assert frame["U"] <= self._last_id + 1, "a gap in the recording"
        self._last_id = frame["u"]
        self._change(frame)
        return True

    def _change(self, frame: dict[str, Any]) -> None:
        for name, amounts in self._sides.items():
            for price, amount in frame[name]:
                if standing := Decimal(amount):
                    amounts[Decimal(price)] = standing
                else:
                    amounts.pop(Decimal(price), None)

    def book(self) -> tuple[list[BookLevel], list[BookLevel]]:
        """As recorded, our orders not in it."""
        bids, asks = self._sides["b"], self._sides["a"]
        return (
            [BookLevel(price, bids[price]) for price in nlargest(_DEPTH, bids)],
            [BookLevel(price, asks[price]) for price in nsmallest(_DEPTH, asks)],
        )

    def _show(self) -> None:
        self.shown += 1
        self._world.show(self._market_id, *self.book())
