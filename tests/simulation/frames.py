"""A recorded stream read a second time, by other means than the product's, to check what it wrote down."""

from __future__ import annotations

import gzip
import json
from bisect import bisect_right
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

DATA = Path(__file__).parents[2].parent / "shared/data"
MISSING = "the recordings are not beside the repository"


@dataclass(frozen=True)
class Frames:
    """The best prices over time, ``offsets`` in microseconds from the recording's first line."""

    origin: datetime
    offsets: list[int]
    best: list[tuple[Decimal, Decimal]]

    @classmethod
    def read(cls, path: Path, origin: datetime) -> Frames:
        bids: dict[str, str] = {}
        asks: dict[str, str] = {}
        updates: list[tuple[int, dict[str, object]]] = []
        first = snapshot = None
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for line in file:
                stamp, text = line.split(" ", 1)
                first = first or int(stamp)
                body = json.loads(text)
                body = body.get("data", body)
                if "lastUpdateId" in body:
                    snapshot = snapshot or body
                elif body.get("e") == "depthUpdate":
                    updates.append(((int(stamp) - first) // 1000, body))
        assert snapshot is not None
        bids.update(snapshot["bids"])
        asks.update(snapshot["asks"])
        offsets, best = [-1], [_best(bids, asks)]
        for offset, body in updates:
            if body["u"] <= snapshot["lastUpdateId"]:
                continue
            for side, name in ((bids, "b"), (asks, "a")):
                for price, amount in body[name]:
                    side[price] = amount
                    if float(amount) == 0:
                        del side[price]
            offsets.append(offset)
            best.append(_best(bids, asks))
        return cls(origin, offsets, best)

    def at(self, moment: datetime) -> tuple[Decimal, Decimal]:
        """Best bid and ask at this time of the venue that plays it."""
        place = bisect_right(self.offsets, (moment - self.origin) // timedelta(microseconds=1)) - 1
        return self.best[max(0, place)]


def _best(bids: dict[str, str], asks: dict[str, str]) -> tuple[Decimal, Decimal]:
    return Decimal(max(bids, key=float)), Decimal(min(asks, key=float))
