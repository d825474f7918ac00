"""What a person sets for a grid, and which of it one cycle freezes.

Each field carries its title, description, bounds, default, unit (``quote``, ``percent``, ``seconds``, ``times``,
``levels``, ``cycles`` or ``choice``) and level (``basic`` or ``advanced``), so that a chat form can be made from the
schema alone.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from trading.core.instrument import Side
from trading.core.planning import MarginMode, Unfit

MOST_GROWTH = 1_000_000
"""How many times the first level's amount (or step) the last one may be; beyond it the first ones are dust."""


class Direction(StrEnum):
    LONG = "long"
    SHORT = "short"

    @property
    def entry(self) -> Side:
        return Side.BUY if self is Direction.LONG else Side.SELL


class Sizing(StrEnum):
    CLASSIC = "classic"
    EXACT = "exact"


class SmallLevels(StrEnum):
    REFUSE = "refuse"
    MERGE = "merge"


def _hints(unit: str, level: str = "basic", **more: Any) -> dict[str, Any]:
    """``money``: how much a person means to use, so that it is asked although there is a default."""
    return {"unit": unit, "level": level, **more}


class GridTerms(BaseModel):
    """What a cycle freezes when it begins: an edit of these fields waits for the next cycle."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    deposit: Decimal = Field(
        default=Decimal(100),
        gt=0,
        le=10_000_000,
        title="Deposit",
        description="Money set aside for this pair. Times the leverage it is what the whole grid may be worth.",
        json_schema_extra=_hints("quote", money=True),
    )
    leverage: int = Field(
        default=20,
        ge=1,
        le=125,
        title="Leverage",
        description="How many times the deposit the grid may be worth. The higher, the nearer the liquidation.",
        json_schema_extra=_hints("times"),
    )
    margin_mode: MarginMode = Field(
        default=MarginMode.ISOLATED,
        title="Margin mode",
        description="Isolated: a liquidation takes this position's margin only. Cross: the whole wallet is behind it.",
        json_schema_extra=_hints("choice"),
    )
    direction: Direction = Field(
        default=Direction.LONG,
        title="Long or short",
        description="Long buys while the price falls and earns when it rises; short mirrors it.",
        json_schema_extra=_hints("choice"),
    )
    grid_levels: int = Field(
        default=15,
        ge=2,
        le=100,
        title="Grid levels",
        description="Number of orders, the first market order included.",
        json_schema_extra=_hints("levels"),
    )
    coverage_percent: Decimal = Field(
        default=Decimal(40),
        ge=Decimal("0.1"),
        le=95,
        title="Coverage",
        description="How far the last level lies from the first, in percent of the price.",
        json_schema_extra=_hints("percent"),
    )
    martingale_multiplier: Decimal = Field(
        default=Decimal("1.3"),
        ge=1,
        le=5,
        title="Martingale multiplier",
        description="How many times the amount of the level before it each level is.",
        json_schema_extra=_hints("times"),
    )
    small_levels: SmallLevels = Field(
        default=SmallLevels.REFUSE,
        title="Small levels",
        description="Levels below the venue's minimum: refuse to start, or merge them upward into the nearest level"
        " towards the first.",
        json_schema_extra=_hints("choice", "advanced"),
    )
    step_multiplier: Decimal = Field(
        default=Decimal(1),
        ge=1,
        le=3,
        title="Step multiplier",
        description="1: even steps. Above 1 each step is this many times as wide as the one before.",
        json_schema_extra=_hints("times", "advanced"),
    )
    sizing: Sizing = Field(
        default=Sizing.CLASSIC,
        title="Sizing formula",
        description="Classic prices every level at the first price. Exact prices each level at its own, so that the"
        " whole deposit is used.",
        json_schema_extra=_hints("choice", "advanced"),
    )

    @property
    def available(self) -> Decimal:
        """The most the whole grid may be worth (quote)."""
        return self.deposit * self.leverage

    @property
    def entry(self) -> Side:
        return self.direction.entry


class GridConfig(GridTerms):
    """All settings of a grid. Those that GridTerms does not have act at once."""

    take_profit_percent: Decimal = Field(
        default=Decimal(2),
        ge=Decimal("0.05"),
        le=95,
        title="Take-profit",
        description="How far beyond the average entry the whole position is closed.",
        json_schema_extra=_hints("percent"),
    )
    cooldown_seconds: int = Field(
        default=60,
        ge=0,
        le=604_800,
        title="Pause between cycles",
        description="How long to wait after a cycle before the next begins at the new price.",
        json_schema_extra=_hints("seconds"),
    )
    tracking_seconds: int = Field(
        default=2,
        ge=1,
        le=3600,
        title="Status check",
        description="How often orders are asked for while the venue's private stream is missing or silent.",
        json_schema_extra=_hints("seconds", "advanced"),
    )
    stop_loss_percent: Decimal | None = Field(
        default=None,
        gt=0,
        le=100,
        title="Stop-loss",
        description="Close everything when a cycle has lost this share of the deposit. Empty: none.",
        json_schema_extra=_hints("percent"),
    )
    max_cycles: int | None = Field(
        default=None,
        ge=1,
        le=1_000_000,
        title="Cycles",
        description="Stop after this many finished cycles. Empty: go on.",
        json_schema_extra=_hints("cycles", "advanced"),
    )
    active_levels: int = Field(
        default=0,
        ge=0,
        le=99,
        title="Resting levels",
        description="Rest only this many of the nearest levels, so that less margin is locked. 0: all.",
        json_schema_extra=_hints("levels", "advanced"),
    )

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.active_levels >= self.grid_levels:
            raise Unfit(
                "active_levels",
                f"active_levels ({self.active_levels}) must be below grid_levels ({self.grid_levels}): the first level"
                " is a market order and does not rest",
                active=self.active_levels,
                levels=self.grid_levels,
            )
        if self.martingale_multiplier ** (self.grid_levels - 1) > MOST_GROWTH:
            raise Unfit(
                "growth",
                f"martingale_multiplier {self.martingale_multiplier} over {self.grid_levels} levels makes the last"
                f" level more than {MOST_GROWTH} times the first: lower one of them",
                multiplier=self.martingale_multiplier,
                levels=self.grid_levels,
                most=MOST_GROWTH,
            )
        if self.step_multiplier ** (self.grid_levels - 2) > MOST_GROWTH:
            raise Unfit(
                "step_growth",
                f"step_multiplier {self.step_multiplier} over {self.grid_levels} levels makes the last step more than"
                f" {MOST_GROWTH} times the first: lower one of them",
                multiplier=self.step_multiplier,
                levels=self.grid_levels,
                most=MOST_GROWTH,
            )
        return self

    def terms(self) -> GridTerms:
        """The part that a cycle freezes."""
        return GridTerms(**{name: getattr(self, name) for name in GridTerms.model_fields})
