"""What a running bot is about at this moment, told from what its strategy remembers; nothing where it has no words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from tgbot import figures
from tgbot.coins import Coins
from tgbot.words import Html, Words
from trading.desk.answers import BotCard

State = Mapping[str, Any]


def doing_lines(words: Words, bot: BotCard) -> Sequence[Html]:
    told = _DOING.get(bot.strategy)
    return told(words, bot, bot.state) if told is not None and bot.state else ()


def _pingpong(words: Words, bot: BotCard, state: State) -> Sequence[Html]:
    leg, done = state.get("leg"), words("doing-pingpong-done", count=str(state.get("completed", 0)))
    ending = (words("doing-pingpong-ending"),) if state.get("ending") else ()
    if leg is None:
        return (*ending, done) if ending else (words("doing-pingpong-waiting"), done)
    now = words(
        f"doing-pingpong-{leg['side']}",
        number=str(state.get("completed", 0) + 1),
        amount=figures.amount(Decimal(leg["amount"]), bot.instrument),
        price=figures.price(Decimal(leg["price"]), bot.instrument),
        base=Coins.of(bot.symbol).base,
    )
    return (now, *ending, done)


def _peg(words: Words, bot: BotCard, state: State) -> Sequence[Html]:
    if state.get("sweep"):
        return (words("doing-peg-sweep"),)
    if state.get("quotes"):
        return (words("doing-peg-quotes"),)
    if state.get("pair"):
        return (words("doing-peg-pair"),)
    # Its activity was decided, and came to nothing: that must not look like a bot that only watches.
    return (words("doing-peg-idle" if state.get("is_active") else "doing-peg-watching"),)


def _liquidity(words: Words, bot: BotCard, state: State) -> Sequence[Html]:
    def because(key: str, cause: object) -> Html:
        return words(key, cause=words.first(f"cause-{cause}", "cause-other", code=str(cause)))

    trouble, breach, reduced = state.get("trouble"), state.get("breach"), state.get("reduced")
    if trouble:
        now = because("doing-liquidity-trouble", trouble["cause"])
    elif reduced:
        now = because("doing-liquidity-reduced", next(iter(reduced.values())))
    else:
        now = words("doing-liquidity-quoting")
    return (now, because("doing-liquidity-breached", breach["cause"])) if breach and breach.get("told") else (now,)


_DOING: Mapping[str, Callable[[Words, BotCard, State], Sequence[Html]]] = {
    "pingpong": _pingpong,
    "peg": _peg,
    "liquidity": _liquidity,
}
