"""Markets, prices and balances, and what a bot would do there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, tzinfo
from typing import Any, Protocol

from trading.desk.answers import MarketCard, PreviewCard, StrategyInfo
from trading.desk.manual_answers import AccountBalance, PriceCard


class Markets(Protocol):
    def strategies(self) -> Sequence[StrategyInfo]: ...
    async def find_markets(
        self, user_id: int, key_id: int | None, strategy: str, text: str, limit: int = 8
    ) -> Sequence[MarketCard]:
        """Markets whose name holds ``text`` ("" for the busiest), by volume; the coin of that very name comes first.

        DeskError: venue_away, key_refused.
        """
        ...

    async def recent_symbols(self, user_id: int, key_id: int | None) -> Sequence[str]: ...
    async def find_prices(self, user_id: int, key_id: int | None, text: str, limit: int = 8) -> Sequence[MarketCard]:
        """Markets of any kind on this account's venue whose name holds ``text``; see ``find_markets``."""
        ...

    async def price(self, user_id: int, key_id: int | None, symbol: str) -> PriceCard:
        """Best prices of now. DeskError: unknown_market, venue_away, key_refused."""
        ...

    async def balances(self, user_id: int) -> Sequence[AccountBalance]:
        """Of the paper account and of every key, read in parallel; one that does not answer hides no other."""
        ...

    def check_settings(self, strategy: str, raw: Mapping[str, Any]) -> Mapping[str, Any]:
        """The complete config as JSON-able values. Raises InvalidSettings."""
        ...

    async def preview(
        self,
        user_id: int,
        key_id: int | None,
        strategy: str,
        symbol: str,
        config: Mapping[str, Any],
        *,
        bot_id: int | None = None,
    ) -> PreviewCard:
        """What Start would do now: of a new bot, or of ``bot_id``, which goes on with the coins that it has bought.

        DeskError: not_found, unknown_market, no_price, venue_away, key_refused; InvalidSettings.
        """
        ...

    async def preview_picture(
        self, card: PreviewCard, *, labels: Mapping[str, str], dark: bool = False, tz: tzinfo = UTC
    ) -> bytes:
        """PNG: the orders over a recent chart, average entry, take-profit, liquidation. Made off the loop.

        ``labels`` are the words in it (keys: trading.reports.charts.PREVIEW_LABELS); English where one is missing.
        """
        ...
