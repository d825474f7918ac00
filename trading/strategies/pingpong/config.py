"""What a person sets for the float. Every field carries what a chat form needs, as the grid's settings do."""

from __future__ import annotations

import re
from decimal import Decimal
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

from trading.core.planning import Unfit

DOLLARS = frozenset({"USD", "USDT", "USDC", "FDUSD", "TUSD", "BUSD", "USDP", "USDE", "DAI", "PYUSD", "USD1"})
"""Quote currencies that are a USD or its stablecoin."""


_FILE_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,60}\.csv")


class SizeCurrency(StrEnum):
    BASE = "base"
    QUOTE = "quote"


def is_dollar(currency: str) -> bool:
    return currency.upper() in DOLLARS


def _hints(unit: str, level: str = "basic", **more: Any) -> dict[str, Any]:
    """``money``: how much a person means to use, so that it is asked although there is a default; ``asked``: no
    default is right; ``part``: of the money at risk; ``unit_from``: the setting that names the unit.
    """
    return {"unit": unit, "level": level, **more}


class PingPongConfig(BaseModel):
    """All settings of the float. Each acts from the next leg on; ``requote_ms`` at once."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    budget: Decimal = Field(
        default=Decimal(300),
        gt=0,
        le=10_000_000,
        title="Budget",
        description="The most the bot may hold and have lost together, in USD. It stops before it would be exceeded.",
        json_schema_extra=_hints("usd", money=True),
    )
    order_size: Decimal = Field(
        default=Decimal(50),
        gt=0,
        le=10_000_000,
        title="Order size",
        description="How much each order buys or sells. A buy and the sell after it move the same amount.",
        json_schema_extra=_hints("quote", asked=True, part=True, unit_from="size_currency"),
    )
    size_currency: SizeCurrency = Field(
        default=SizeCurrency.QUOTE,
        title="Size in",
        description="Whether the order size is in the base currency (BTC of BTC/USDT) or in the quote currency (USDT).",
        json_schema_extra=_hints("choice"),
    )
    max_spread_sum_usd: Decimal | None = Field(
        default=None,
        gt=0,
        le=10_000_000,
        title="Spread sum limit",
        description="Stop when the bid-ask spreads met at executions add up to more than this, in USD. Empty: none.",
        json_schema_extra=_hints("usd"),
    )
    max_legs: int | None = Field(
        default=None,
        ge=1,
        le=10_000_000,
        title="Legs",
        description="Stop after this many executions; a buy and a sell are two. Empty: go on.",
        json_schema_extra=_hints("legs"),
    )
    requote_ms: int = Field(
        default=200,
        ge=0,
        le=60_000,
        title="Shortest time between re-quotes",
        description="A resting order follows the best price, but not more often than this, in milliseconds.",
        json_schema_extra=_hints("milliseconds", "advanced"),
    )
    usd_per_quote: Decimal = Field(
        default=Decimal(1),
        gt=0,
        le=10_000_000,
        title="USD per quote currency",
        description="What one unit of the quote currency is worth in USD: 1 for a stablecoin, for ETH/BTC the price of"
        " a bitcoin. Where a dollar market is set, only the money set aside is reckoned with it.",
        json_schema_extra=_hints("usd", "advanced"),
    )
    usd_market: str | None = Field(
        default=None,
        pattern=r"^[A-Z0-9]{1,20}/[A-Z0-9]{1,20}$",
        title="Dollar market",
        description="A market of the same venue whose price says what the quote currency is worth in USD: BTC/USDT for"
        " ETH/BTC. Empty: the fixed rate.",
        json_schema_extra=_hints("market", "advanced"),
    )
    csv_path: str | None = Field(
        default=None,
        title="CSV file",
        description="Name of a file to which the records are written as they come. Empty: only from chat.",
        json_schema_extra=_hints("file", "advanced"),
    )

    @field_validator("csv_path")
    @classmethod
    def _is_a_file_name(cls, name: str | None) -> str | None:
        """A name and never a path: the file lies in a folder of ours."""
        if name is not None and _FILE_NAME.fullmatch(name) is None:
            raise Unfit(
                "file_name", "must be a file name of letters, digits, dash, underscore and dot that ends in .csv"
            )
        return name
