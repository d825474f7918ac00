"""Is the obligation kept, second by second, in the book that others see; and if not, why not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from trading.core.instrument import Side, plain
from trading.core.market import Book, BookLevel
from trading.core.orders import OrderStatus
from trading.core.planning import Mode, Sample, TargetOrder, View
from trading.strategies.liquidity.config import LiquidityConfig
from trading.strategies.liquidity.measures import market_depth, market_spread
from trading.strategies.liquidity.sight import REFERENCE, Sight
from trading.strategies.liquidity.sizing import shortfall
from trading.strategies.liquidity.state import Trouble

EVERY_SECOND = timedelta(seconds=1)
BOOKS_EVERY = timedelta(seconds=30)
BOOK_LEVELS = 10
_FINE, _CENT = Decimal("0.0001"), Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Measured:
    """One look at the obligation. ``spread_percent`` is None where a side is empty; all None without a book.

    ``spread_kept`` and ``depth_kept`` are None when they are not known; ``cause`` is "" while both are kept.
    """

    spread_percent: Decimal | None
    bid_depth: Decimal | None
    ask_depth: Decimal | None
    spread_kept: bool | None
    depth_kept: bool | None
    cause: str

    @property
    def is_known(self) -> bool:
        return self.spread_kept is not None

    @property
    def is_kept(self) -> bool:
        return bool(self.spread_kept and self.depth_kept)


def measure(
    config: LiquidityConfig, view: View, sight: Sight, trouble: Trouble | None, wanted: Sequence[TargetOrder]
) -> Measured:
    """The obligation in the book as it is shown, our orders included: they count, whoever reckons the fair price."""
    if view.book is None:
        return Measured(None, None, None, None, None, "venue_away")
    spread, depth = market_spread(view.book), market_depth(view.book, config.depth_window_percent)
    percent = None if spread is None else spread * 100
    spread_kept = percent is not None and percent <= config.max_spread_percent
    bids_kept, asks_kept = depth.bids >= config.min_depth, depth.asks >= config.min_depth
    cause = ""
    if not (spread_kept and bids_kept and asks_kept):
        sides = [side for side, kept in ((Side.BUY, bids_kept), (Side.SELL, asks_kept)) if not kept]
        cause = _cause(config, view, sight, trouble, wanted, sides or list(Side))
    return Measured(percent, depth.bids, depth.asks, spread_kept, bids_kept and asks_kept, cause)


def is_due(before: datetime | None, now: datetime, every: timedelta) -> bool:
    """Another multiple of ``every`` has begun since, counted from midnight UTC: each second has one sample."""
    if before is None:
        return True
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return before < midnight + (now - midnight) // every * every


def next_second(now: datetime) -> datetime:
    return now.replace(microsecond=0) + EVERY_SECOND


def obligation_sample(now: datetime, seen: Measured) -> Sample:
    """A second of the obligation. Depths in quote currency; kept: yes, no or unknown; what is not known is empty."""
    return Sample(
        kind="obligation",
        at=now,
        body={
            "spread_percent": _text(seen.spread_percent, _FINE),
            "bid_depth": _text(seen.bid_depth, _CENT),
            "ask_depth": _text(seen.ask_depth, _CENT),
            "spread": _kept(seen.spread_kept),
            "depth": _kept(seen.depth_kept),
            "cause": seen.cause,
        },
    )


def book_samples(view: View) -> Iterator[Sample]:
    """Both books as they are shown, the best levels of each: ``price@amount`` with blanks between, best first."""
    for market, name in (("target", ""), ("reference", REFERENCE)):
        book = view.books.get(name)
        if book is not None:
            yield Sample(kind="book", at=view.now, body=_book_body(market, book))


def _cause(
    config: LiquidityConfig,
    view: View,
    sight: Sight,
    trouble: Trouble | None,
    wanted: Sequence[TargetOrder],
    sides: Sequence[Side],
) -> str:
    """The first of these that is so: stopping, paused, the trouble with the price, refused_orders, a shortfall of ours
    (our_balance, balance_unknown, inventory, deposit), moving (our orders are under way), market (what others do).
    """
    if view.mode is not Mode.RUNNING:
        return "paused" if view.mode is Mode.NO_ENTRIES else "stopping"
    if trouble is not None:
        return trouble.cause
    if any(_was_refused(target, view) for target in wanted):
        return "refused_orders"
    short = next((why for side in sides if (why := shortfall(config, view, sight, side))), "")
    if short:
        return short
    return "moving" if any(not _rests(target, view) for target in wanted) or _leaves(wanted, view) else "market"


def _was_refused(target: TargetOrder, view: View) -> bool:
    past = view.finals.get(target.slot, ())
    return target.slot not in view.orders and bool(past) and past[-1].status is OrderStatus.REJECTED


def _rests(target: TargetOrder, view: View) -> bool:
    """It is on the venue as wanted, and was so when the book was taken."""
    order = view.orders.get(target.slot)
    if order is None or order.status.is_in_flight or view.book is None:
        return False
    return (order.price, order.remaining) == (target.price, target.amount) and order.updated_at <= view.book.at


def _leaves(wanted: Sequence[TargetOrder], view: View) -> bool:
    return bool(view.orders.keys() - {target.slot for target in wanted})


def _kept(kept: bool | None) -> str:
    return "unknown" if kept is None else "yes" if kept else "no"


def _text(number: Decimal | None, step: Decimal) -> str:
    return "" if number is None else plain(number.quantize(step))


def _book_body(market: str, book: Book) -> dict[str, str]:
    return {"market": market, "at": book.at.isoformat(), "bids": _levels(book.bids), "asks": _levels(book.asks)}


def _levels(levels: Sequence[BookLevel]) -> str:
    return " ".join(f"{plain(level.price)}@{plain(level.amount)}" for level in levels[:BOOK_LEVELS])
