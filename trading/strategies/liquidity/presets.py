"""Settings with a name, for an obligation: how soon quotes are taken back. Its terms are the project's, and asked."""

from __future__ import annotations

from collections.abc import Mapping

PRESETS: Mapping[str, Mapping[str, str]] = {
    "careful": {"max_inventory_skew": "25", "price_source_guard_percent": "1.5", "stale_seconds": "10"},
    "balanced": {"max_inventory_skew": "50", "price_source_guard_percent": "3", "stale_seconds": "20"},
    "bold": {"max_inventory_skew": "80", "price_source_guard_percent": "5", "stale_seconds": "40"},
}
