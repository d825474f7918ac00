"""Settings with a name, for a float: what spreads may cost, and how often it moves."""

from __future__ import annotations

from collections.abc import Mapping

PRESETS: Mapping[str, Mapping[str, str]] = {
    "careful": {"max_spread_sum_usd": "5", "requote_ms": "1000"},
    "balanced": {"max_spread_sum_usd": "20", "requote_ms": "500"},
    "bold": {"max_spread_sum_usd": "100", "requote_ms": "200"},
}
