"""What a strategy sees and what it answers.

A strategy is a pure function from what is known (`View`) to the orders it wants (`Plan`). The runtime closes the
difference between the wanted orders and those that exist.
"""

from trading.core.planning.plan import Band, CycleResult, MarginMode, Plan, Sample, SampleKind, Setup, TargetOrder, Wake
from trading.core.planning.preview import Finding, Offer, Preview, PreviewRow, Surroundings
from trading.core.planning.strategy import Doing, Strategy, Unfit
from trading.core.planning.view import Mode, Reference, View

__all__ = [
    "Band",
    "CycleResult",
    "Doing",
    "Finding",
    "MarginMode",
    "Mode",
    "Offer",
    "Plan",
    "Preview",
    "PreviewRow",
    "Reference",
    "Sample",
    "SampleKind",
    "Setup",
    "Strategy",
    "Surroundings",
    "TargetOrder",
    "Unfit",
    "View",
    "Wake",
]
