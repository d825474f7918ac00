"""Facts of trading as sentences: every field is written as its unit says, and the sentence is found by its kind.

A field is a value of the sentence by its own name. One that is not there has the value ``none``, what is true or not
is ``yes`` or ``no``, and a profit has a value ``<field>_sign`` besides (``plus``, ``minus``, ``zero``): sentences
choose by these. ``base`` and ``quote`` are the currencies. A field with a sentence of its own, ``<key>-<field>``, has a
line of its own when it is there; one that holds facts has a line for each of them, and its value is their number.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from tgbot import figures
from tgbot.cards.about import About, Market
from tgbot.cards.card import lines
from tgbot.coins import Coins
from tgbot.words import Html, Words
from trading.core.instrument import plain
from trading.core.telling import Fact, Unit
from trading.desk.connecting import PAPER, title_of

Values = Mapping[str, str | int]

NONE = "none"
_MOST_NAMES = 5
_MOST_FACTS = 40
_MINUTE = 60

_WRITTEN: Mapping[Unit, Callable[[Market, Any, str], str]] = {
    Unit.PRICE: lambda market, value, quote: market.price(value),
    Unit.AMOUNT: lambda market, value, quote: market.amount(value),
    Unit.SIZE: lambda market, value, quote: market.amount(abs(value)),
    Unit.COINS: lambda market, value, quote: figures.price(value),
    Unit.MONEY: lambda market, value, quote: figures.money(value, quote),
    Unit.PROFIT: lambda market, value, quote: figures.profit(value, quote),
    Unit.PERCENT: lambda market, value, quote: figures.percent(value),
    Unit.EXACT: lambda market, value, quote: plain(value),
    Unit.ORDINAL: lambda market, value, quote: str(value),
    Unit.SPAN: lambda market, value, quote: _span(market.words, value),
    Unit.SIDE: lambda market, value, quote: str(value),
    Unit.CAUSE: lambda market, value, quote: cause_text(market.words, value),
    Unit.REASON: lambda market, value, quote: reason_text(market.words, value),
    Unit.DETAIL: lambda market, value, quote: detail_text(market.words, value) or NONE,
    Unit.VENUE: lambda market, value, quote: venue_text(market.words, value),
}
_LINES = frozenset({Unit.REASON, Unit.DETAIL})


def fact_text(about: About, key: str, fact: Fact) -> Html:
    """The sentence, and a line for each field that has one of its own."""
    words, values = about.words, fact_values(about, fact)
    own: list[Html | None] = []
    for name, unit in fact.units().items():
        value = getattr(fact, name)
        if _is_facts(value):
            own += _each(about, f"{key}-{name}", value)
        elif value not in (None, "", ()):
            own.append(_line(words, f"{key}-{name}", unit, name, values))
    return lines(words(key, **values), *own)


def fact_values(about: About, fact: Fact) -> Values:
    coins = coins_of(about, fact)
    values: dict[str, str | int] = {**coins.values()}
    for name, unit in fact.units().items():
        value = getattr(fact, name)
        values[name] = written(about.market, value, unit, coins.quote)
        if unit is Unit.PROFIT and value is not None:
            values[f"{name}_sign"] = _sign(value)
    return values


def written(market: Market, value: Any, unit: Unit | None, quote: str) -> str | int:
    """A value as its unit is written; whole numbers without one stay numbers, because they choose the plural."""
    if value is None or value == "":
        return NONE
    if unit is not None:
        return _WRITTEN[unit](market, value, quote)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return value
    if isinstance(value, tuple):
        return len(value) if _is_facts(value) else names_text(value)
    return plain(value) if isinstance(value, Decimal) else str(value)


def coins_of(about: About, fact: Fact) -> Coins:
    symbol = getattr(fact, "symbol", None) or (about.bot.symbol if about.bot else None)
    return Coins.of(symbol) if symbol else Coins()


def _is_facts(value: Any) -> bool:
    return isinstance(value, tuple) and any(isinstance(each, Fact) for each in value)


def _each(about: About, key: str, facts: tuple[Fact, ...]) -> list[Html | None]:
    more = len(facts) - _MOST_FACTS
    told: list[Html | None] = [about.words(key, **fact_values(about, fact)) for fact in facts[:_MOST_FACTS]]
    return [*told, about.words("bots-more", count=more) if more > 0 else None]


def names_text(names: tuple[str, ...]) -> str:
    return ", ".join(names[:_MOST_NAMES]) + ("…" if len(names) > _MOST_NAMES else "")


def _span(words: Words, seconds: Decimal | int) -> str:
    """Where parts of a second are known, most spans are moments, and then they matter."""
    if isinstance(seconds, int) or seconds >= _MINUTE:
        return figures.span(int(seconds))
    if seconds < 1:
        return words("unit-milliseconds", value=f"{seconds * 1000:.0f}")
    return words("unit-seconds", value=f"{seconds:.1f}")


def cause_text(words: Words, code: str) -> Html:
    return words.first(f"cause-{code}", "cause-other", code=code)


def reason_text(words: Words, code: str) -> Html:
    return words.first(f"reason-{code}", "reason-other", code=code)


def venue_text(words: Words, venue: str) -> str:
    """Its name, where it is told by its id."""
    return words.plain("venue-paper") if venue == PAPER else title_of(venue)


def detail_text(words: Words, detail: str) -> Html | None:
    """A code that we word, or a technical text of the venue as it is."""
    if not detail:
        return None
    known = f"reason-{detail}"
    return words(known, code=detail) if words.has(known) else words("venue-says", detail=detail)


def _line(words: Words, key: str, unit: Unit | None, name: str, values: Values) -> Html | None:
    if words.has(key):
        return words(key, **values)
    value = values[name]
    return value if unit in _LINES and isinstance(value, Html) else None


def _sign(value: Decimal) -> str:
    return "plus" if value > 0 else "minus" if value < 0 else "zero"
