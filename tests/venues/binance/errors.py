"""Refusals in Binance's words (developers.binance.com/docs/binance-spot-api-docs/errors)."""

from __future__ import annotations

from typing import Any

from trading.core.simulated_orders import Refused


class BinanceError(Exception):
    """``code`` and ``msg`` of an error answer; ``status`` is HTTP's, which the ws-api repeats."""

    def __init__(self, code: int, message: str, status: int = 400, data: dict[str, Any] | None = None) -> None:
        super().__init__(f"{code} {message}")
        self.code, self.message, self.status, self.data = code, message, status, data

    def body(self) -> dict[str, Any]:
        told: dict[str, Any] = {"code": self.code, "msg": self.message}
        return told if self.data is None else {**told, "data": self.data}


SENTENCES = {
    -1000: "An unknown error occurred while processing the request.",
    -1003: "Too many requests; current limit is 6000 request weight per 1 MINUTE.",
    -1007: "Timeout waiting for response from backend server. Send status unknown; execution status unknown.",
    -1015: "Too many new orders; current limit is 100 orders per 10 SECOND.",
    -1021: "Timestamp for this request is outside of the recvWindow.",
    -1022: "Signature for this request is not valid.",
    -1121: "Invalid symbol.",
    -2010: "Account has insufficient balance for requested action.",
    -2011: "Unknown order sent.",
    -2013: "Order does not exist.",
    -2014: "API-key format invalid.",
    -2015: "Invalid API-key, IP, or permissions for action.",
    -2021: "Order cancel-replace partially failed.",
    -2022: "Order cancel-replace failed.",
    -2026: "Order was canceled or expired with no executed qty over 90 days ago and has been archived.",
}
_STATUSES = {-1003: 429, -1015: 429, -1007: 408, -2014: 401, -2015: 401, -2021: 409}


def error(code: int, message: str | None = None, data: dict[str, Any] | None = None) -> BinanceError:
    return BinanceError(code, message or SENTENCES.get(code, "as ordered"), _STATUSES.get(code, 400), data)


def missing(name: str) -> BinanceError:
    return error(-1102, f"Mandatory parameter '{name}' was not sent, was empty/null, or malformed.")


# What the matching core refuses, by its reasons. Filters answer -1013 with their name, the matching engine -2010.
_REFUSALS: dict[str, tuple[int, str]] = {
    "insufficient_funds": (-2010, "Account has insufficient balance for requested action."),
    "post_only_would_take": (-2010, "Order would immediately match and take."),
    "duplicate_id": (-2010, "Duplicate order sent."),
    "below_min_cost": (-1013, "Filter failure: NOTIONAL"),
    "below_min_amount": (-1013, "Filter failure: LOT_SIZE"),
    "above_max_amount": (-1013, "Filter failure: LOT_SIZE"),
    "off_step": (-1013, "Filter failure: LOT_SIZE"),
    "off_tick": (-1013, "Filter failure: PRICE_FILTER"),
    "not_found": (-2011, "Unknown order sent."),
    "invalid_order": (-1013, "Invalid quantity."),
    "other": (-2010, "The relevant product or market is not available."),
}


def error_of(refused: Refused) -> BinanceError:
    code, message = _REFUSALS.get(refused.reason, (-1013, refused.detail))
    return error(code, message)
