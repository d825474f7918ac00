"""What a person sets for meeting a market-making obligation.

Each field carries its title, description, bounds, default, unit (``quote``, ``percent``, ``seconds``, ``minutes``,
``orders``, ``venue``, ``market`` or ``switch``) and level (``basic`` or ``advanced``), so that a chat form can be
made from the schema alone. All fields act at once when they are edited.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from trading.core.instrument import plain
from trading.core.planning import Unfit

_VENUE = re.compile(r"[a-z0-9]{2,20}")
_PAIR = re.compile(r"[A-Z0-9]{1,20}/[A-Z0-9]{1,20}")
_DEPTH = Decimal(1000)
ROOM_FOR_TOLERANCE = 4
"""How many tolerances must fit into the spread and into the window, so that a quote may drift and still count."""


def _hints(unit: str, level: str = "basic", **more: Any) -> dict[str, Any]:
    """``asked``: no default is right, so a form asks; ``money``: asked, as a part of what there is."""
    return {"unit": unit, "level": level, **more}


class LiquidityConfig(BaseModel):
    """All settings. Money in the quote currency of the target market.

    What an order may be worth follows the depth that is promised, where nobody says it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    deposit: Decimal = Field(
        default=Decimal(1250),
        gt=0,
        le=10_000_000,
        title="Deposit",
        description="Quote money set aside for the bids. The same worth of the coin is needed for the asks. It is also"
        " the most that the bot may buy, or sell, more than the other way round.",
        json_schema_extra=_hints("quote", money=True),
    )
    reference_venue: str = Field(
        default="kucoin",
        title="Reference exchange",
        description="Where else the price is looked at. Public data only: no key is needed.",
        json_schema_extra=_hints("venue", asked=True),
    )
    reference_symbol: str = Field(
        default="",
        title="Reference pair",
        description="The pair on the reference exchange whose price is followed, like ABC/USDT. Empty: the same pair.",
        json_schema_extra=_hints("market"),
    )
    max_spread_percent: Decimal = Field(
        default=Decimal(2),
        ge=Decimal("0.05"),
        le=50,
        title="Widest spread",
        description="The obligation: best ask less best bid, in percent of the mid price, is never more.",
        json_schema_extra=_hints("percent"),
    )
    min_depth: Decimal = Field(
        default=_DEPTH,
        gt=0,
        le=10_000_000,
        title="Least depth",
        description="The obligation: bids, and asks, within the depth window are each worth at least this.",
        json_schema_extra=_hints("quote"),
    )
    depth_window_percent: Decimal = Field(
        default=Decimal(2),
        ge=Decimal("0.05"),
        le=50,
        title="Depth window",
        description="Depth counts within this many percent of the mid price, on each side.",
        json_schema_extra=_hints("percent"),
    )
    orders_per_side: int = Field(
        default=5,
        ge=1,
        le=20,
        title="Orders per side",
        description="How many bids and how many asks rest at all times.",
        json_schema_extra=_hints("orders"),
    )
    min_order: Decimal = Field(
        default_factory=lambda data: data.get("min_depth", _DEPTH) / 20,
        gt=0,
        le=10_000_000,
        title="Smallest order",
        description="No order is worth less.",
        json_schema_extra=_hints("quote"),
    )
    max_order: Decimal = Field(
        default_factory=lambda data: data.get("min_depth", _DEPTH) / 2,
        gt=0,
        le=10_000_000,
        title="Largest order",
        description="No order is worth more.",
        json_schema_extra=_hints("quote"),
    )
    reset_minutes: int = Field(
        default=30,
        ge=1,
        le=1440,
        title="Renew every",
        description="So often every order is renewed, one by one, to be sure that our picture of them is true.",
        json_schema_extra=_hints("minutes", "advanced"),
    )
    include_own_orders: bool = Field(
        default=False,
        title="Own orders count in the price",
        description="Whether our own orders count as liquidity of this market when the fair price is weighed.",
        json_schema_extra=_hints("switch", "advanced"),
    )
    price_tolerance_percent: Decimal = Field(
        default=Decimal("0.2"),
        ge=Decimal("0.001"),
        le=5,
        title="Price tolerance",
        description="An order whose price is off by less is left where it is.",
        json_schema_extra=_hints("percent", "advanced"),
    )
    max_inventory_skew: Decimal = Field(
        default=Decimal(50),
        gt=0,
        le=95,
        title="Largest inventory skew",
        description="What was bought and not sold again (or the other way round), in percent of the deposit. Beyond"
        " it fewer orders are shown on the side that would make it worse; none at 100.",
        json_schema_extra=_hints("percent", "advanced"),
    )
    price_source_guard_percent: Decimal = Field(
        default=Decimal(3),
        ge=Decimal("0.05"),
        le=50,
        title="Price source guard",
        description="Quotes are taken back while the mid prices of the two markets differ by more.",
        json_schema_extra=_hints("percent", "advanced"),
    )
    stale_seconds: int = Field(
        default=20,
        ge=3,
        le=600,
        title="Stale after",
        description="A reference price older than this is not followed: the nearest quotes are taken back, and after"
        " as long again the others.",
        json_schema_extra=_hints("seconds", "advanced"),
    )

    @field_validator("reference_venue", mode="after")
    @classmethod
    def _in_small_letters(cls, venue: str) -> str:
        return venue.strip().lower()

    @field_validator("reference_symbol", mode="after")
    @classmethod
    def _in_capitals(cls, symbol: str) -> str:
        return symbol.strip().upper()

    @model_validator(mode="after")
    def _names_a_market(self) -> Self:
        if not _VENUE.fullmatch(self.reference_venue):
            raise Unfit("venue_name", "reference_venue must be the name of an exchange, like kucoin")
        if self.reference_symbol and not _PAIR.fullmatch(self.reference_symbol):
            raise Unfit("pair_name", "reference_symbol must be a pair, like ABC/USDT, or empty for the same pair")
        return self

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.min_order > self.max_order:
            text = f"min_order ({self.min_order}) must not be above max_order ({self.max_order})"
            raise Unfit("order_bounds", text, least=plain(self.min_order), most=plain(self.max_order))
        room = min(self.max_spread_percent, self.depth_window_percent)
        if self.price_tolerance_percent * ROOM_FOR_TOLERANCE > room:
            raise Unfit(
                "tolerance",
                f"price_tolerance_percent ({self.price_tolerance_percent}) must be at most a quarter of"
                f" max_spread_percent and of depth_window_percent ({room / ROOM_FOR_TOLERANCE})",
                tolerance=plain(self.price_tolerance_percent),
                most=plain(room / ROOM_FOR_TOLERANCE),
            )
        if self.max_order * self.orders_per_side < self.min_depth:
            raise Unfit(
                "depth_unreachable",
                f"{self.orders_per_side} orders of max_order {self.max_order} never reach min_depth {self.min_depth}:"
                " raise max_order or orders_per_side",
                orders=self.orders_per_side,
                largest=plain(self.max_order),
                depth=plain(self.min_depth),
            )
        return self
