"""The story of a peg: the form in few words, the market beside it, and what holds at every moment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.e2e import books
from tests.e2e.house import Person, VenueProcess, at_home, venue
from tests.e2e.story import Story, Truth, answer

ZERO = Decimal(0)
Levels = Sequence[tuple[str, str]]
"""(price, amount), best first."""


@dataclass(frozen=True)
class Terms:
    """What a person asks of a peg: prices and limits, and what has to stay on the account."""

    base: str
    quote: str
    price: Decimal
    deviation: Decimal
    buy_limit: Decimal
    sell_limit: Decimal
    base_kept: Decimal
    quote_kept: Decimal
    interval: int

    @property
    def symbol(self) -> str:
        return f"{self.base}/{self.quote}"

    @property
    def low(self) -> Decimal:
        return self.price - self.deviation

    @property
    def high(self) -> Decimal:
        return self.price + self.deviation


async def to_summary(person: Person, account: str, terms: Terms) -> None:
    """From the menu through the questions to the summary with every setting as it shall be."""
    await person.send("/start")
    await person.see("Makergram")
    for words in ("New bot", "Peg", account, terms.base):
        await person.choose(words)
    questions = {"Required price": terms.price, "Deviation": terms.deviation, "Buy limit": terms.buy_limit}
    for question, value in questions.items():
        await person.see(f"{question}?")
        await person.send(f"{value:f}")
    await person.see("Press a setting to change it")
    await answer(person, "Coin kept", f"{terms.base_kept:f}")
    await answer(person, "Sell limit", f"{terms.sell_limit:f}")
    await answer(person, "Money kept", f"{terms.quote_kept:f}")
    await answer(person, "Interval", str(terms.interval))


async def edit(person: Person, bot: str, setting: str, choice: str) -> None:
    """Change a setting of a bot that works, by one of its buttons; a number is typed."""
    await person.send("/bots")
    await person.choose(bot)
    await person.choose("Edit")
    await person.choose(setting)
    await person.see(f"{setting}?")
    await (person.send(choice) if choice.isdigit() else person.choose(choice))
    await person.choose("Apply")
    await person.see(f"✅ {setting}")


def spent_by_interval(database: Path, side: str) -> dict[str, Decimal]:
    """By the interval's scope: quote currency spent on buys, or base units sold."""
    query = "SELECT slot, side, price, f.amount FROM fills f JOIN orders o USING (client_id)"
    query = query.replace("side, price", "f.side, f.price")
    found: dict[str, Decimal] = defaultdict(Decimal)
    for fill in books.rows(database, query):
        if fill["side"] == side:
            price = Decimal(fill["price"]) if side == "buy" else Decimal(1)
            found[fill["slot"].partition(".")[0]] += price * Decimal(fill["amount"])
    return dict(found)


def check_peg(terms: Terms, opening: Mapping[str, Decimal], database: Path, truth: Truth) -> None:
    """Sweeps only from the edges outward and at once, quotes only inside; limits and minimums. True at every moment."""
    inside = []
    for order in books.ours(truth["orders"]):
        price, is_buy = Decimal(order["price"]), order["side"] == "buy"
        if order["time_in_force"] == "ioc":
            assert price <= terms.low if is_buy else price >= terms.high, order
        else:
            assert order["time_in_force"] == "post_only", order
            assert terms.low < price < terms.high, order
            inside += [order["side"]] if order["status"] in books.LIVE else []
    assert len(inside) == len(set(inside)), f"more than one quote on a side: {inside}"
    assert max(spent_by_interval(database, "buy").values(), default=ZERO) <= terms.buy_limit
    assert max(spent_by_interval(database, "sell").values(), default=ZERO) <= terms.sell_limit
    for currency, kept in ((terms.quote, terms.quote_kept), (terms.base, terms.base_kept)):
        first = opening.get(currency, ZERO)
        assert Decimal(truth["balances"].get(currency, 0)) >= min(kept, first), truth["balances"]


def money_differences(database: Path, terms: Terms, opening: Mapping[str, Decimal], truth: Truth) -> list[str]:
    """Where our fills do not explain what the account holds now."""
    moved: dict[str, Decimal] = defaultdict(Decimal)
    for fill in books.rows(database, "SELECT side, price, amount, fee, fee_currency FROM fills"):
        sign = 1 if fill["side"] == "buy" else -1
        moved[terms.base] += sign * Decimal(fill["amount"])
        moved[terms.quote] -= sign * Decimal(fill["amount"]) * Decimal(fill["price"])
        moved[fill["fee_currency"]] -= Decimal(fill["fee"])
    return [
        f"{currency}: {held} there, {opening.get(currency, ZERO) + moved[currency]} by our fills"
        for currency in (terms.base, terms.quote)
        if (held := Decimal(truth["balances"].get(currency, 0))) != opening.get(currency, ZERO) + moved[currency]
    ]


@dataclass
class PegStory(Story):
    """A house, its admin and a spot venue beside it. ``opening`` is what the account held first."""

    venue: VenueProcess
    terms: Terms
    opening: Mapping[str, Decimal] = field(default_factory=dict)

    @property
    def market(self) -> str:
        between = "-" if self.venue.name == "kucoin" else ""
        return f"{self.terms.base}{between}{self.terms.quote}"

    async def truth(self) -> Truth:
        """In the words that the books of every venue have; what was bought is the position."""
        told = await self.venue.control("truth")
        moved = Decimal(told["balances"].get(self.terms.base, 0)) - self.opening.get(self.terms.base, ZERO)
        orders = [{**order, "reduce_only": False} for order in told["orders"]]
        truth = {**told, "orders": orders, "positions": {self.terms.symbol: str(moved)}}
        check_peg(self.terms, self.opening, self.house.database, truth)
        return truth

    async def agree(self, seconds: float = 60) -> Truth:
        truth = await super().agree(seconds)
        assert not money_differences(self.house.database, self.terms, self.opening, truth)
        return truth

    async def book(self, bids: Levels, asks: Levels) -> None:
        """Exactly this market, besides our own orders."""
        sides = {"bids": [list(level) for level in bids], "asks": [list(level) for level in asks]}
        await self.venue.control("book", symbol=self.market, **sides)

    async def requests(self, path: str) -> int:
        """How many requests the venue has had whose method and path hold ``path``."""
        counted: Mapping[str, int] = (await self.venue.control("truth"))["requests"]
        return sum(count for name, count in counted.items() if path in name)

    def sweeps(self) -> list[dict[str, Any]]:
        """Our sweep orders, oldest first."""
        return books.rows(self.house.database, "SELECT * FROM orders WHERE role = 'entry' ORDER BY created_at, slot")


def resting(truth: Truth) -> list[Mapping[str, Any]]:
    return [order for order in books.ours(truth["orders"]) if order["status"] in books.LIVE]


def bought(truth: Truth) -> list[tuple[str, str]]:
    return _taken(truth, "buy")


def sold(truth: Truth) -> list[tuple[str, str]]:
    return _taken(truth, "sell")


def _taken(truth: Truth, side: str) -> list[tuple[str, str]]:
    return [(fill["price"], fill["amount"]) for fill in books.ours(truth["fills"]) if fill["side"] == side]


@asynccontextmanager
async def peg_story(
    folder: Path, name: str, terms: Terms, key: Sequence[str], balances: Mapping[str, str]
) -> AsyncIterator[PegStory]:
    """``balances`` are those of ``key`` on the venue."""
    async with venue(name) as beside:
        opening = {currency: Decimal(amount) for currency, amount in balances.items()}
        await beside.control("key", key=key[0], secret=key[1], balances=dict(balances))
        urls = f'{{"{name}": "{beside.address}"}}'
        async with at_home(folder, VENUE_URLS=urls, REQUESTS_PER_MINUTE="600") as (house, person):
            yield PegStory(house, person, beside, terms, opening)
