"""What a person hears, once: breaches that last, a price that is not to be trusted, a side that falls short."""

from __future__ import annotations

from datetime import datetime, timedelta

from trading.core.instrument import ZERO, Side
from trading.core.planning import Mode, View
from trading.core.telling import Notice
from trading.strategies.liquidity.config import LiquidityConfig
from trading.strategies.liquidity.measures import distance_percent
from trading.strategies.liquidity.notices import (
    ObligationBreached,
    ObligationRestored,
    PriceSourcesApart,
    QuotesRestored,
    QuotesWithdrawn,
    ReferenceStale,
    SideReduced,
)
from trading.strategies.liquidity.obligation import Measured
from trading.strategies.liquidity.sight import Sight, Stage
from trading.strategies.liquidity.sizing import shortfall
from trading.strategies.liquidity.state import Breach, LiquidityState, Trouble

LASTING = timedelta(seconds=5)
"""A breach, and its end, are told when they have lasted so long; every second of them is in the report."""


def tell_breach(
    config: LiquidityConfig, state: LiquidityState, view: View, seen: Measured
) -> tuple[LiquidityState, list[Notice]]:
    """After one sample. A second that is not known changes nothing."""
    if not seen.is_known:
        return state, []
    breach, notices = (_kept if seen.is_kept else _broken)(config, state.breach, view, seen)
    return state.model_copy(update={"breach": breach}), notices


def _broken(
    config: LiquidityConfig, before: Breach | None, view: View, seen: Measured
) -> tuple[Breach | None, list[Notice]]:
    breach = before or Breach(began_at=view.now, cause=seen.cause)
    breach = breach.model_copy(update={"kept_at": None})
    if breach.told or view.now - breach.began_at < LASTING:
        return breach, []
    told = ObligationBreached(
        symbol=view.instrument.symbol,
        cause=seen.cause,
        spread_percent=seen.spread_percent,
        bid_depth=seen.bid_depth or ZERO,
        ask_depth=seen.ask_depth or ZERO,
        max_spread_percent=config.max_spread_percent,
        min_depth=config.min_depth,
    )
    return breach.model_copy(update={"told": True, "cause": seen.cause}), [told]


def _kept(
    config: LiquidityConfig, before: Breach | None, view: View, seen: Measured
) -> tuple[Breach | None, list[Notice]]:
    if before is None or not before.told:
        return None, []
    kept_at = before.kept_at or view.now
    if view.now - kept_at < LASTING:
        return before.model_copy(update={"kept_at": kept_at}), []
    seconds = _seconds(before.began_at, kept_at)
    return None, [ObligationRestored(symbol=view.instrument.symbol, cause=before.cause, seconds=seconds)]


def tell_trouble(
    config: LiquidityConfig,
    state: LiquidityState,
    view: View,
    sight: Sight,
    trouble: Trouble | None,
    stage: Stage,
) -> tuple[LiquidityState, list[Notice]]:
    """When quotes are widened, when they are withdrawn, and when they are back."""
    before, symbol = state.trouble, view.instrument.symbol
    if trouble is None or view.mode is not Mode.RUNNING:
        notices: list[Notice] = []
        if trouble is None and before is not None and before.told and view.mode is Mode.RUNNING:
            seconds = _seconds(before.since, view.now)
            notices = [QuotesRestored(symbol=symbol, cause=before.cause, seconds=seconds)]
        quiet = trouble.model_copy(update={"told": ""}) if trouble else None
        return state.model_copy(update={"trouble": quiet}), notices
    if state.fair is None and view.now - trouble.since <= timedelta(seconds=config.stale_seconds):
        # At a start the first books are on their way: nothing was quoted, so there is nothing to tell.
        return state.model_copy(update={"trouble": trouble}), []
    notices = []
    if stage in (Stage.WIDE, Stage.WITHDRAWN) and not trouble.told:
        trouble = trouble.model_copy(update={"told": "wide"})
        notices += _first_word(config, view, sight, trouble)
    if stage is Stage.WITHDRAWN and trouble.told != "withdrawn":
        trouble = trouble.model_copy(update={"told": "withdrawn"})
        notices.append(QuotesWithdrawn(symbol=symbol, cause=trouble.cause))
    return state.model_copy(update={"trouble": trouble}), notices


def tell_reduced(
    config: LiquidityConfig, state: LiquidityState, view: View, sight: Sight, stage: Stage
) -> tuple[LiquidityState, list[Notice]]:
    """A side that cannot show all that it should, once for each reason; forgotten when it can again."""
    if view.mode is not Mode.RUNNING or stage is not Stage.QUOTING:
        return state, []
    reduced = {side.value: why for side in Side if (why := shortfall(config, view, sight, side))}
    notices: list[Notice] = [
        SideReduced(symbol=view.instrument.symbol, side=Side(side), cause=why)
        for side, why in reduced.items()
        if state.reduced.get(side) != why
    ]
    return (state.model_copy(update={"reduced": reduced}) if reduced != state.reduced else state), notices


def _first_word(config: LiquidityConfig, view: View, sight: Sight, trouble: Trouble) -> list[Notice]:
    symbol = view.instrument.symbol
    if trouble.cause == "sources_apart" and sight.target_mid is not None and sight.reference_mid is not None:
        return [
            PriceSourcesApart(
                symbol=symbol,
                target_mid=sight.target_mid,
                reference_mid=sight.reference_mid,
                percent=distance_percent(sight.target_mid, sight.reference_mid),
                limit_percent=config.price_source_guard_percent,
            )
        ]
    if trouble.cause in ("reference_stale", "reference_gone"):
        seconds = _seconds(trouble.since, view.now)
        return [ReferenceStale(symbol=symbol, venue=config.reference_venue, cause=trouble.cause, seconds=seconds)]
    return []


def _seconds(since: datetime, until: datetime) -> int:
    return max(0, int((until - since).total_seconds()))
