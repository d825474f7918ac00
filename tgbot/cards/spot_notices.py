"""What the strategies on spot tell: legs, balances, obligations, prices that are not to be trusted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from tgbot import figures
from tgbot.cards.about import About
from tgbot.cards.card import lines
from tgbot.coins import Coins
from tgbot.words import Html, Words
from trading.core import notices as told

MOST_LEGS = 12


def legs_text(about: About, legs: Sequence[told.LegExecuted]) -> Html:
    words = about.words
    return lines(
        words("notice-leg_executed", count=len(legs)),
        words("fills-more", count=len(legs) - MOST_LEGS) if len(legs) > MOST_LEGS else None,
        *(
            words(
                f"leg-{each.side.value}",
                number=str(each.number),
                amount=about.amount(each.amount),
                price=about.price(each.price),
                span=_took(words, each.seconds),
                orders=each.orders,
            )
            for each in legs[-MOST_LEGS:]
        ),
    )


def _took(words: Words, seconds: Decimal) -> Html | str:
    """How long a leg took; most take a moment, and then its parts matter."""
    if seconds < 1:
        return words("unit-milliseconds", value=f"{seconds * 1000:.0f}")
    return words("unit-seconds", value=f"{seconds:.1f}") if seconds < 60 else figures.span(int(seconds))


def _because(about: About, cause: str) -> Html:
    return about.words.first(f"cause-{cause}", "cause-other", code=cause)


def _obligation_breached(about: About, n: told.ObligationBreached) -> Html:
    words = about.words
    spread = f"{figures.percent(n.spread_percent)} %" if n.spread_percent is not None else words("breach-no-spread")
    quote = Coins.of(n.symbol).quote
    return lines(
        words("notice-obligation_breached", cause=_because(about, n.cause)),
        words(
            "breach-figures",
            spread=spread,
            max_spread=figures.percent(n.max_spread_percent),
            bids=figures.money(n.bid_depth, quote),
            asks=figures.money(n.ask_depth, quote),
            min_depth=figures.money(n.min_depth, quote),
            quote=quote,
        ),
    )


SPOT_VALUES: Mapping[type[Any], Callable[[About, Any], Html]] = {
    told.LegExecuted: lambda about, n: legs_text(about, [n]),
    told.BalanceShort: lambda about, n: about.words(
        "notice-balance_short",
        side=n.side.value,
        currency=n.currency,
        needed=figures.price(n.needed),
        held=figures.price(n.held),
    ),
    told.SelfTradeRefused: lambda about, n: about.words("notice-self_trade_refused"),
    told.ObligationBreached: _obligation_breached,
    told.ObligationRestored: lambda about, n: about.words(
        "notice-obligation_restored", span=figures.span(n.seconds), cause=_because(about, n.cause)
    ),
    told.ReferenceStale: lambda about, n: about.words(
        "notice-reference_stale", venue=n.venue, cause=_because(about, n.cause), seconds=n.seconds
    ),
    told.PriceSourcesApart: lambda about, n: about.words(
        "notice-price_sources_apart",
        percent=figures.percent(n.percent),
        limit=figures.percent(n.limit_percent),
        target=about.price(n.target_mid),
        reference=about.price(n.reference_mid),
    ),
    told.QuotesWithdrawn: lambda about, n: about.words("notice-quotes_withdrawn", cause=_because(about, n.cause)),
    told.QuotesRestored: lambda about, n: about.words(
        "notice-quotes_restored", span=figures.span(n.seconds), cause=_because(about, n.cause)
    ),
    told.SideReduced: lambda about, n: about.words(
        "notice-side_reduced", side=n.side.value, cause=_because(about, n.cause)
    ),
}
