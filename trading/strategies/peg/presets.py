"""Settings with a name, for a peg: how fast it answers, and whether it shows itself. Price and money are asked."""

from __future__ import annotations

from collections.abc import Mapping

PRESETS: Mapping[str, Mapping[str, str]] = {
    "careful": {"interval_seconds": "300", "react": "interval", "activity": "off"},
    "balanced": {"interval_seconds": "60", "react": "interval", "activity": "quotes"},
    "bold": {"interval_seconds": "30", "react": "stream", "activity": "quotes"},
}
