"""Pictures as PNG bytes: pure functions from data, to be called in a thread.

The only room that imports matplotlib, which is heavy: import it where a picture is wanted, not at start.
"""

from trading.reports.charts.bars import BARS_LABELS, bars_chart
from trading.reports.charts.equity import EQUITY_LABELS, equity_chart
from trading.reports.charts.grid import GRID_LABELS, grid_chart
from trading.reports.charts.histogram import HISTOGRAM_LABELS, histogram_chart
from trading.reports.charts.obligation import OBLIGATION_LABELS, obligation_chart
from trading.reports.charts.preview import PREVIEW_LABELS, preview_chart
from trading.reports.charts.trial import TRIAL_LABELS, trial_chart

__all__ = [
    "BARS_LABELS",
    "EQUITY_LABELS",
    "GRID_LABELS",
    "HISTOGRAM_LABELS",
    "OBLIGATION_LABELS",
    "PREVIEW_LABELS",
    "TRIAL_LABELS",
    "bars_chart",
    "equity_chart",
    "grid_chart",
    "histogram_chart",
    "obligation_chart",
    "preview_chart",
    "trial_chart",
]
