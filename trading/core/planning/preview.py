"""What a person sees before Start, and what is known to make it from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from trading.core.instrument import Side
from trading.core.planning.view import Reference
from trading.core.telling import Unit


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known round a market before Start. Nothing is guessed: what is missing is not known.

    ``balances`` are totals by currency as in the View; on a perpetual the quote currency's is the account's equity.
    ``prices`` are the mids (quote) of the markets that ``Strategy.sights`` asked for, None where there is no such
    market. ``is_public`` as in the View.
    """

    balances: Mapping[str, Decimal] = field(default_factory=dict)
    prices: Mapping[Reference, Decimal | None] = field(default_factory=dict)
    is_public: bool = True


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One order of a preview. Costs and prices in quote currency, amounts in base units.

    ``liquidation`` is estimated for the position after this row is filled; ``reachable`` is False for rows that lie
    beyond the liquidation of the rows before them; ``objection`` is a code of core.risk.
    """

    slot: str
    side: Side
    price: Decimal
    amount: Decimal
    cost: Decimal
    cumulative_cost: Decimal
    average: Decimal
    take_profit: Decimal | None = None
    liquidation: Decimal | None = None
    reachable: bool = True
    objection: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """Something the person must know before Start. ``code`` is worded by the locales with ``values``.

    ``severity``: refusal (Start is impossible), danger (Start needs a second yes), note. A value that the words count
    is named ``count``, or ``count_`` and of what.
    """

    code: str
    severity: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Offer:
    """A change of settings that would mend a finding: a button. ``changes`` maps config fields to new values.

    None switches a setting off.
    """

    code: str
    changes: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a person sees before Start, made at ``price``; ``at_risk`` is the most that can be lost (quote).

    ``told`` says which of the ``figures`` are shown, in this order, and what each of them is.
    """

    rows: Sequence[PreviewRow]
    price: Decimal
    at_risk: Decimal
    worst_case: Decimal
    findings: Sequence[Finding] = ()
    offers: Sequence[Offer] = ()
    figures: Mapping[str, Decimal] = field(default_factory=dict)
    told: Mapping[str, Unit] = field(default_factory=dict)

    @property
    def is_refused(self) -> bool:
        return any(finding.severity == "refusal" for finding in self.findings)

    @property
    def is_dangerous(self) -> bool:
        return any(finding.severity == "danger" for finding in self.findings)
