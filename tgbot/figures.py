"""Numbers, times and spans as a person reads them. Decimal in, text out; nothing is worded here."""

from __future__ import annotations

from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal

from tgbot.times import clock_text, local_text
from trading.core.instrument import Instrument, decimal_places, plain

_CENT, _CRUMB, _SATOSHI = Decimal("0.01"), Decimal("0.0001"), Decimal("1e-8")
UNKNOWN = "—"


def money(value: Decimal | None, quote: str = "USDT") -> str:
    """Quote currency with two decimals, or with more when it would vanish or a unit of it is worth much.

    Less than a hundredth of a cent is nothing.
    """
    if value is None:
        return UNKNOWN
    if not is_dollar(quote):
        rounded = significant(value, 5)
        # Coins are told to the eighth decimal, as exchanges keep them; a crumb of that is told by two digits.
        exact = rounded.quantize(_SATOSHI, ROUND_HALF_EVEN) if rounded != rounded.quantize(_SATOSHI) else rounded
        return _unsigned_zero(plain(exact or significant(value, 2)))
    if _CRUMB <= abs(value) < _CENT:
        return plain(significant(value, 2))
    return _unsigned_zero(f"{value.quantize(_CENT, ROUND_HALF_EVEN):f}")


def profit(value: Decimal | None, quote: str = "USDT") -> str:
    """Money with its sign always shown."""
    if value is None:
        return UNKNOWN
    text = money(value, quote)
    is_nothing = text.startswith("0.00") and is_dollar(quote)
    return f"+{text}" if value > 0 and not is_nothing else text


def price(value: Decimal | None, instrument: Instrument | None = None) -> str:
    """On the market's tick where the market is known, else five significant digits."""
    if value is None:
        return UNKNOWN
    if instrument is None:
        return plain(significant(value, 6))
    return f"{value:.{decimal_places(instrument.price_tick)}f}"


def amount(value: Decimal | None, instrument: Instrument | None = None) -> str:
    if value is None:
        return UNKNOWN
    if instrument is None:
        return plain(significant(value, 8))
    return plain(value.quantize(Decimal(1).scaleb(-decimal_places(instrument.amount_step)), ROUND_HALF_EVEN))


def is_dust(value: Decimal, instrument: Instrument | None = None) -> bool:
    """Whether an amount (base) is less than the smallest that can be traded, as fees in base currency leave it."""
    return abs(value) < instrument.amount_step if instrument is not None else not value


def percent(value: Decimal) -> str:
    return plain(value.quantize(_CENT, ROUND_HALF_EVEN))


def short(value: Decimal | None) -> str:
    """A volume in a few characters: 1.2K, 34M, 5.1B."""
    if value is None:
        return UNKNOWN
    for bound, suffix in ((Decimal("1e9"), "B"), (Decimal("1e6"), "M"), (Decimal("1e3"), "K")):
        if abs(value) >= bound:
            scaled = value / bound
            return f"{scaled:.0f}{suffix}" if abs(scaled) >= 10 else f"{scaled:.1f}{suffix}"
    return f"{value:.0f}"


def short_count(value: int) -> str:
    """A count in four characters at most: 999, 1.2K, 34M."""
    return str(value) if value < 1000 else short(Decimal(value))


def span(seconds: int) -> str:
    """A length of time as clocks show it: 0:45, 12:05, 3:20:00."""
    minutes, rest = divmod(max(0, seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def moment(at: datetime | None, zone: str = "UTC") -> str:
    """To the minute, by a person's clock, which is said."""
    return clock_text(at, zone, "%d.%m %H:%M") if at else UNKNOWN


def local(at: datetime | None, zone: str = "UTC") -> str:
    """As ``moment``, for a place that says once whose clock it is."""
    return local_text(at, zone) if at else UNKNOWN


def significant(value: Decimal, digits: int) -> Decimal:
    if not value:
        return value
    exponent = value.adjusted() - digits + 1
    return value.quantize(Decimal(1).scaleb(min(exponent, 0)), ROUND_HALF_EVEN)


def is_dollar(currency: str) -> bool:
    return not currency or "USD" in currency or currency in ("DAI", "EUR")


def _unsigned_zero(text: str) -> str:
    return text[1:] if text.startswith("-") and not text.strip("-0.") else text
