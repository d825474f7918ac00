"""Answers worth a button: what would work, and round parts of what there is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_EVEN, Decimal

from tgbot.forms import FormField, WrongAnswer, check_bounds, raw_text
from trading.core.instrument import plain

_MOST = 5
_DISTANCES = (Decimal("0.005"), Decimal("0.01"), Decimal("0.02"), Decimal("0.05"))
"""As parts of the price."""
_PARTS = (Decimal("0.05"), Decimal("0.1"), Decimal("0.25"), Decimal("0.5"))


@dataclass(frozen=True, slots=True)
class Advice:
    """What is known when a number is asked for, each in the number's own unit; what is not known is None.

    ``offered`` is what a preview would mend with it. ``price`` is the price that matters: the market's, or for a
    distance the one that was answered before. ``whole`` is what the number is a part of, ``least`` the smallest order.
    """

    offered: Sequence[str] = ()
    equity: Decimal | None = None
    price: Decimal | None = None
    whole: Decimal | None = None
    least: Decimal = Decimal(0)


NOTHING_KNOWN = Advice()


def suggestions(field: FormField, advice: Advice = NOTHING_KNOWN) -> tuple[str, ...]:
    """At most five, in growing order, within the field's bounds and, for money, within the equity."""
    fitting = [value for value in dict.fromkeys(_wanted(field, advice)) if _fits(field, value, advice.equity)]
    return tuple(plain(value) for value in sorted(fitting[:_MOST]))


def _wanted(field: FormField, advice: Advice) -> Iterator[Decimal]:
    if field.is_part and advice.whole is not None:
        # What was offered was offered for its default, which nobody chose.
        yield from _parts_of(advice.whole, advice.least)
        return
    yield from (Decimal(value) for value in advice.offered)
    default = None if field.default is None else Decimal(raw_text(field.default))
    if field.unit == "price" and advice.price is not None:
        yield advice.price
    elif field.unit == "distance" and advice.price is not None:
        yield from (_digits(advice.price * part, 2) for part in _DISTANCES)
    elif field.is_money and advice.equity is not None and advice.equity > 0:
        yield from () if default is None else (default,)
        yield from (_round(advice.equity * part) for part in _PARTS)
    elif default is not None:
        yield from (default * factor for factor in (1, 5, 10, 20))
    else:
        yield from (Decimal(value) for value in (50, 100, 200, 500))


def _parts_of(whole: Decimal, least: Decimal) -> list[Decimal]:
    """Round parts that make an order; where none does, the smallest order there is."""
    parts = [_round(whole * part) for part in _PARTS]
    return [part for part in parts if part >= least] or [_digits(least, 2, ROUND_CEILING)]


def _fits(field: FormField, value: Decimal, equity: Decimal | None) -> bool:
    try:
        check_bounds(field, value)
    except WrongAnswer:
        return False
    return equity is None or not field.is_money or value <= equity


def _round(value: Decimal) -> Decimal:
    """To halves of the leading digit, as people say it: 497 is 500, 124 is 100, 0.00152 is 0.0015."""
    if not value:
        return value
    step = Decimal(5).scaleb(value.adjusted() - 1)
    return (value / step).to_integral_value(ROUND_HALF_EVEN) * step


def _digits(value: Decimal, count: int, rounding: str = ROUND_HALF_EVEN) -> Decimal:
    return value.quantize(Decimal(1).scaleb(value.adjusted() + 1 - count), rounding) if value else value
