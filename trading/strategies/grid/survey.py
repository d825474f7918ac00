"""A grid at one price, level by level: cost so far, average, take-profit, liquidation, and where its road ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from trading.core.instrument import ONE, ZERO, Instrument
from trading.core.margin import bankruptcy_price, liquidation_price
from trading.core.planning import MarginMode, PreviewRow
from trading.strategies.grid.config import GridConfig
from trading.strategies.grid.ladder import Ladder, Level, build_ladder, level_objection, take_profit_price


@dataclass(frozen=True, slots=True)
class Filled:
    """A position of the first levels: base units, cost and entry fees in quote currency."""

    amount: Decimal = ZERO
    cost: Decimal = ZERO
    fees: Decimal = ZERO

    def add(self, level: Level, fee: Decimal) -> Filled:
        return Filled(self.amount + level.amount, self.cost + level.cost, self.fees + level.cost * fee)


@dataclass(frozen=True, slots=True)
class Ends:
    """Where a position is liquidated and where it is stopped (quote); ``first`` names the nearer: liquidation,
    stop_loss or ""."""

    liquidation: Decimal | None = None
    stop: Decimal | None = None
    first: str = ""

    @property
    def price(self) -> Decimal | None:
        return self.stop if self.first == "stop_loss" else self.liquidation


@dataclass(frozen=True, slots=True)
class Survey:
    """``reached`` levels can be filled, ``filled`` is their position; ``ended_by`` says what ends the road before or
    at the last level: liquidation, stop_loss or "" when nothing does. ``ends`` are those of ``filled``."""

    config: GridConfig
    ladder: Ladder
    rows: tuple[PreviewRow, ...]
    reached: int
    filled: Filled
    ends: Ends
    ended_by: str
    wallet: Decimal

    @property
    def at_risk(self) -> Decimal:
        """The most that can be lost (quote): the stop's limit, else the margin, or the wallet where it is cross."""
        if not self.filled.cost:
            return ZERO
        if self.ends.first == "stop_loss" and self.config.stop_loss_percent is not None:
            return self.config.deposit * self.config.stop_loss_percent / 100
        if self.config.margin_mode is MarginMode.CROSS:
            return self.wallet
        return min(self.config.deposit, self.filled.cost / self.config.leverage + self.filled.fees)

    @property
    def worst_case(self) -> Decimal:
        """The loss (quote) where the road ends, or at the last level's price when all can be reached."""
        if self.ended_by or not self.rows:
            return self.at_risk
        return abs(self.filled.cost - self.filled.amount * self.rows[-1].price) + self.filled.fees


def survey(config: GridConfig, instrument: Instrument, price: Decimal, equity: Decimal | None) -> Survey:
    """The whole road of a grid that begins at ``price`` (quote)."""
    ladder = build_ladder(config, instrument, price)
    behind = wallet(config, equity)
    rows: list[PreviewRow] = []
    road = list(_road(ladder.levels, instrument))
    reached, ended_by, last = len(road), "", Ends()
    for index, (level, filled) in enumerate(road):
        ends = _ends(config, instrument, filled, behind)
        row = _row(config, instrument, index, level, filled)
        rows.append(replace(row, liquidation=ends.liquidation, reachable=not ended_by))
        if ended_by:
            continue
        last = ends
        following = road[index + 1][0].price if index + 1 < len(road) else level.price
        if ends.price is not None and _is_beyond(config, following, ends.price):
            reached, ended_by = index + 1, ends.first
    return Survey(config, ladder, tuple(rows), reached, road[reached - 1][1], last, ended_by, behind)


def wallet(config: GridConfig, equity: Decimal | None) -> Decimal:
    """What stands behind a cross position (quote): what the account holds, the deposit where that is not known."""
    return config.deposit if equity is None else equity


def _road(levels: Sequence[Level], instrument: Instrument) -> Iterator[tuple[Level, Filled]]:
    filled = Filled()
    for index, level in enumerate(levels):
        filled = filled.add(level, instrument.maker_fee if index else instrument.taker_fee)
        yield level, filled


def _row(config: GridConfig, instrument: Instrument, index: int, level: Level, filled: Filled) -> PreviewRow:
    average = filled.cost / filled.amount if filled.amount else level.price
    goal = take_profit_price(config.direction, average, config.take_profit_percent)
    return PreviewRow(
        slot=f"level{index}",
        side=config.entry,
        price=level.price,
        amount=level.amount,
        cost=level.cost,
        cumulative_cost=filled.cost,
        average=average,
        take_profit=instrument.maker_price(config.entry.opposite, goal),
        objection=level_objection(level, instrument),
    )


def _ends(config: GridConfig, instrument: Instrument, filled: Filled, behind: Decimal) -> Ends:
    sign = config.entry.sign
    amount, cost = filled.amount * sign, filled.cost * sign
    collateral = behind if config.margin_mode is MarginMode.CROSS else filled.cost / config.leverage
    liquidation = liquidation_price(amount, cost, collateral, instrument.maintenance_rate(filled.cost))
    stop = None
    if config.stop_loss_percent is not None:
        limit = config.deposit * config.stop_loss_percent / 100 - filled.fees
        stop = bankruptcy_price(amount, cost, limit, instrument.taker_fee)
    if stop is not None and (liquidation is None or not _is_beyond(config, stop, liquidation)):
        return Ends(liquidation, stop, "stop_loss")
    return Ends(liquidation, stop, "liquidation" if liquidation is not None else "")


def _is_beyond(config: GridConfig, price: Decimal, end: Decimal) -> bool:
    """Whether the price, moving against the position, comes to ``end`` before or as it comes to ``price``."""
    return (end - price) * config.entry.sign >= ZERO


def bounce_percent(rows: Sequence[PreviewRow]) -> Decimal:
    """How far the price must turn from the last level to the take-profit of all, in percent of that level."""
    last = rows[-1]
    return abs((last.take_profit or last.average) / last.price - ONE) * 100 if last.price else ZERO
