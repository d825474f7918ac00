"""What a person sets for a peg. Every field carries what a chat form needs, as the grid's settings do."""

from __future__ import annotations

from decimal import ROUND_DOWN, Decimal
from enum import StrEnum
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from trading.core.instrument import plain
from trading.core.planning import Unfit

_LIMIT = Decimal(100)
_MOST = 1_000_000_000_000_000


class Activity(StrEnum):
    OFF = "off"
    QUOTES = "quotes"
    SELF_TRADE = "self-trade"


class React(StrEnum):
    INTERVAL = "interval"
    STREAM = "stream"


def _hints(unit: str, level: str = "basic", **more: Any) -> dict[str, Any]:
    """``asked``: no default is right, so a form asks; ``money``: asked, as a part of what there is; ``paper_only``:
    choices that it offers on paper only; ``distance_from``: the field that a distance is measured from.
    """
    return {"unit": unit, "level": level, **more}


def _coins_for(money: Decimal, price: Decimal) -> Decimal:
    """As many coins as the money is worth, in three digits that count."""
    coins = min(money / price, Decimal(_MOST))
    return coins.quantize(Decimal(1).scaleb(coins.adjusted() - 2), ROUND_DOWN)


class PegConfig(BaseModel):
    """All settings of a peg. An edit acts at once; what was bought or sold in the interval still counts.

    The deviation that nobody set is a hundredth of the price, so that any price fits as soon as it is answered. The
    coins that may be sold in an interval are, where nobody says how many, worth what may be spent in it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    price: Decimal = Field(
        default=Decimal(1),
        gt=0,
        le=1_000_000_000,
        title="Required price",
        description="The price to be kept, in quote currency.",
        json_schema_extra=_hints("price", asked=True),
    )
    deviation: Decimal = Field(
        default_factory=lambda data: data.get("price", Decimal(1)) / 100,
        ge=0,
        le=1_000_000_000,
        title="Deviation",
        description="How far the price may go to either side before it is pushed back, in quote currency.",
        json_schema_extra=_hints("distance", asked=True, distance_from="price"),
    )
    quote_order_limit: Decimal = Field(
        default=_LIMIT,
        gt=0,
        le=_MOST,
        title="Quote limit",
        description="The most quote currency spent in one interval.",
        json_schema_extra=_hints("quote", money=True),
    )
    base_order_limit: Decimal = Field(
        default_factory=lambda data: _coins_for(data.get("quote_order_limit", _LIMIT), data.get("price", Decimal(1))),
        gt=0,
        le=_MOST,
        title="Base limit",
        description="The most base currency sold in one interval.",
        json_schema_extra=_hints("base"),
    )
    quote_min_balance: Decimal = Field(
        default=Decimal(0),
        ge=0,
        le=_MOST,
        title="Quote kept",
        description="This much of the quote currency is never spent.",
        json_schema_extra=_hints("quote"),
    )
    base_min_balance: Decimal = Field(
        default=Decimal(0),
        ge=0,
        le=_MOST,
        title="Base kept",
        description="This much of the base currency is never sold.",
        json_schema_extra=_hints("base"),
    )
    base_precision: int = Field(
        default=8,
        ge=0,
        le=18,
        title="Base decimals",
        description="Decimals of amounts. Where the venue's own are coarser, they win.",
        json_schema_extra=_hints("decimals", "advanced"),
    )
    quote_precision: int = Field(
        default=8,
        ge=0,
        le=18,
        title="Quote decimals",
        description="Decimals of prices. Where the venue's own are coarser, they win.",
        json_schema_extra=_hints("decimals", "advanced"),
    )
    interval_seconds: int = Field(
        default=60,
        ge=1,
        le=86_400,
        title="Interval",
        description="How often the book is looked at, and the time for which the limits hold.",
        json_schema_extra=_hints("seconds"),
    )
    react: React = Field(
        default=React.INTERVAL,
        title="Reaction",
        description="Interval: once in each interval. Stream: at once when the price leaves its band; the limits stay"
        " those of the interval.",
        json_schema_extra=_hints("choice"),
    )
    activity: Activity = Field(
        default=Activity.OFF,
        title="Activity in the band",
        description="Quotes: one buy and one sell of random amounts rest inside the band, for anyone to take."
        " Self-trade: an order filled by ourselves, on the paper venue and on test networks only.",
        json_schema_extra=_hints("choice", paper_only=[Activity.SELF_TRADE.value]),
    )

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.deviation >= self.price:
            text = f"deviation ({self.deviation}) must be below the price ({self.price})"
            raise Unfit("deviation", text, deviation=plain(self.deviation), price=plain(self.price))
        return self
