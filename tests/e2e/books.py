"""The books of a house, read from its database, and held against those of its venue."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

OURS = "mg"
LIVE = ("open", "partly_filled")
ZERO = Decimal(0)


def rows(database: Path, query: str) -> list[dict[str, Any]]:
    """The rows of a query, read beside the running process."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=10)) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(query)]


def notices(database: Path, kind: str | None = None) -> list[dict[str, Any]]:
    """What was stored to be told, oldest first, each with its ``body``'s facts."""
    found = rows(database, "SELECT id, user_id, created_at, body, delivered_at, failure FROM notices ORDER BY id")
    told = [{**row, **json.loads(row["body"])} for row in found]
    return [each for each in told if kind in (None, each["kind"])]


def ledgers(database: Path) -> dict[str, Decimal]:
    """Our positions by symbol, of all bots."""
    held: dict[str, Decimal] = defaultdict(Decimal)
    for bot in rows(database, "SELECT symbol, ledger FROM bots"):
        held[bot["symbol"]] += Decimal(json.loads(bot["ledger"])["position"])
    return {symbol: position for symbol, position in held.items() if position}


def paper_truth(database: Path, user: int) -> dict[str, Any]:
    """A paper account in the words of a venue's ``truth``."""
    [found] = rows(database, f"SELECT snapshot FROM paper_accounts WHERE account = '{user}'")  # noqa: S608  a number
    state = json.loads(found["snapshot"])["exchange"]
    return {
        "orders": state["orders"],
        "fills": state["fills"],
        "positions": {held["symbol"]: held["amount"] for held in state["positions"] if Decimal(held["amount"])},
        "balances": state["balances"],
    }


def ours(listed: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [each for each in listed if (each["client_id"] or "").startswith(OURS)]


def entries(truth: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Our resting entries, nearest first."""
    resting = [order for order in ours(truth["orders"]) if order["status"] in LIVE and not order["reduce_only"]]
    return sorted(resting, key=lambda order: -Decimal(order["price"]))


def exits(truth: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [order for order in ours(truth["orders"]) if order["status"] in LIVE and order["reduce_only"]]


def position(truth: Mapping[str, Any]) -> Decimal:
    return sum((Decimal(amount) for amount in truth["positions"].values()), ZERO)


def is_covered(truth: Mapping[str, Any]) -> bool:
    """One take-profit for the whole position."""
    return [Decimal(order["amount"]) - Decimal(order["filled"]) for order in exits(truth)] == [position(truth)]


def check_exits(truth: Mapping[str, Any]) -> None:
    """Never two take-profits, never more than the position. True at every moment."""
    resting = exits(truth)
    assert len(resting) <= 1, resting
    for order in resting:
        assert Decimal(order["amount"]) - Decimal(order["filled"]) <= position(truth), (resting, truth["positions"])


def differences(database: Path, truth: Mapping[str, Any]) -> list[str]:
    """Everything in which our books and the venue's do not agree; nothing at a calm moment."""
    found: list[str] = []
    stored = {order["client_id"]: order for order in rows(database, "SELECT * FROM orders")}
    on_venue = Counter(order["client_id"] for order in ours(truth["orders"]))
    found += [f"{name} is on the venue {count} times" for name, count in on_venue.items() if count > 1]
    found += [f"{name} is on the venue and not in our books" for name in on_venue.keys() - stored.keys()]
    for order in ours(truth["orders"]):
        ours_says = stored.get(order["client_id"], {})
        is_open = order["status"] in LIVE
        if is_open != (ours_says.get("status") in LIVE):
            found.append(f"{order['client_id']} is {order['status']} there and {ours_says.get('status')} here")
    for name, order in stored.items():
        if name not in on_venue and order["status"] not in ("rejected", "canceled"):
            found.append(f"{name} is {order['status']} here and unknown there")
    shots = Counter(stored[name]["slot"] for name in on_venue if name in stored and stored[name]["one_shot"])
    found += [f"slot {slot} was taken {count} times" for slot, count in shots.items() if count > 1]

    there, here = Counter[str](), Counter[str]()
    for fill in ours(truth["fills"]):
        there[fill["client_id"]] += Decimal(fill["amount"])  # type: ignore[assignment]  # counts in base units
    for fill in rows(database, "SELECT client_id, amount FROM fills"):
        here[fill["client_id"]] += Decimal(fill["amount"])  # type: ignore[assignment]
    found += [
        f"{name}: {there[name]} filled there, {here[name]} here"
        for name in there.keys() | here.keys()
        if there[name] != here[name]
    ]
    held = {symbol: Decimal(amount) for symbol, amount in truth["positions"].items() if Decimal(amount)}
    if held != ledgers(database):
        found.append(f"positions: {held} there, {ledgers(database)} here")
    if exits(truth) and not is_covered(truth):
        found.append(f"the take-profit is {exits(truth)} for {held}")
    return found


def undelivered(database: Path) -> list[dict[str, Any]]:
    return [each for each in notices(database) if each["delivered_at"] is None or each["failure"] is not None]


def check_told(database: Path, texts: Sequence[str], kills: int) -> dict[str, int]:
    """What was stored was told, and each kill repeated at most one message. Answers the repetitions by kind."""
    assert not undelivered(database)
    repeated: dict[str, int] = {}
    numbers = {
        kind: Counter(f"{words} {each['number']} {end}" for each in notices(database, kind))
        for kind, words, end in (
            ("cycle_started", "Cycle", "began"),
            ("cycle_finished", "Cycle", "finished"),
        )
    }
    for kind, wanted in numbers.items():
        assert all(count == 1 for count in wanted.values()), wanted
        shown = {words: sum(words in text for text in texts) for words in wanted}
        assert all(count >= 1 for count in shown.values()), (kind, shown)
        repeated[kind] = sum(shown.values()) - len(shown)
    fills = [each for each in notices(database, "entry_filled") if each["side"] == "buy"]
    stored = sum((Decimal(each["amount"]) for each in fills), ZERO)
    lines = [line for text in texts for line in text.splitlines() if line.startswith("bought ")]
    told = sum((Decimal(line.split()[1]) for line in lines), ZERO)
    assert told >= stored, (told, stored)
    repeated["entry_filled"] = len(lines) - len(fills)
    assert sum(repeated.values()) <= kills * 4, repeated
    assert all(count >= 0 for count in repeated.values()), repeated
    return repeated


def told_fills_match(database: Path) -> bool:
    """The fills that were told add up to the fills that were booked."""
    told = sum((Decimal(each["amount"]) for each in notices(database, "entry_filled")), ZERO)
    booked = rows(database, "SELECT fills.amount FROM fills JOIN orders USING (client_id) WHERE role = 'entry'")
    return told == sum((Decimal(fill["amount"]) for fill in booked), ZERO)


def bytes_of(folder: Path, *patterns: str) -> bytes:
    """Everything that lies in the files of a folder."""
    return b"".join(path.read_bytes() for pattern in patterns for path in folder.glob(pattern))
