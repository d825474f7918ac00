"""Settings with a name, for a grid: how near the liquidation may come, and how deep a fall the levels cover."""

from __future__ import annotations

from collections.abc import Mapping

PRESETS: Mapping[str, Mapping[str, str]] = {
    "careful": {
        "leverage": "2",
        "grid_levels": "8",
        "coverage_percent": "30",
        "martingale_multiplier": "1.2",
        "take_profit_percent": "1.5",
    },
    "balanced": {
        "leverage": "4",
        "grid_levels": "10",
        "coverage_percent": "15",
        "martingale_multiplier": "1.3",
        "take_profit_percent": "1.5",
    },
    "bold": {
        "leverage": "8",
        "grid_levels": "10",
        "coverage_percent": "7",
        "martingale_multiplier": "1.4",
        "take_profit_percent": "1",
    },
}
