"""Settings with a name, for a float: how much goes back and forth, and what spreads may cost."""

from __future__ import annotations

from collections.abc import Mapping

PRESETS: Mapping[str, Mapping[str, str]] = {
    "careful": {"order_size": "20", "size_currency": "quote", "max_spread_sum_usd": "5", "requote_ms": "1000"},
    "balanced": {"order_size": "50", "size_currency": "quote", "max_spread_sum_usd": "20", "requote_ms": "500"},
    "bold": {"order_size": "100", "size_currency": "quote", "max_spread_sum_usd": "100", "requote_ms": "200"},
}
