"""The paper account: its money, and whose prices it trades on."""

from __future__ import annotations

from decimal import Decimal
from typing import Protocol

from trading.desk.paper_prices import PaperAccountCard, PaperPrices


class Paper(Protocol):
    async def paper(self, user_id: int) -> PaperAccountCard: ...
    async def set_paper_balance(self, user_id: int, currency: str, amount: Decimal) -> PaperAccountCard:
        """What the paper wallet holds of a currency from now on. More is always possible.

        DeskError: paper_amount_wrong, paper_currency_unknown, paper_balance_used (less, while running bots reckon with
        it), paper_balance_held (less than orders and positions hold back), venue_away.
        """
        ...

    async def reset_paper(self, user_id: int, *, token: str) -> PaperAccountCard:
        """Begin anew: the balances of a new account, no orders, no positions. Paper bots are stopped first.

        DeskError: paper_still_stopping: call again, with the same token, when they have stopped; already_done.
        """
        ...

    async def choose_paper_prices(self, user_id: int, prices: PaperPrices, *, token: str) -> PaperAccountCard:
        """Trade on other prices from now on; orders and positions on the old ones are gone, the wallet stays.

        DeskError: paper_bots_run, paper_seed_wrong, unknown_venue, venue_away, not_found, already_done.
        """
        ...

    async def upload_paper_prices(self, user_id: int, symbol: str, content: bytes, *, token: str) -> PaperAccountCard:
        """Keep a CSV of candles as the recording of ``symbol``, and trade on it, as ``choose_paper_prices``.

        DeskError: paper_file_large, paper_file_wrong (``line``, ``why``: see BadRecording, or not_text),
        paper_file_short, unknown_market.
        """
        ...

    async def stop_paper_bots(self, user_id: int, *, token: str) -> int:
        """Stop all paper bots (orders canceled, positions left); answers how many have not stopped yet."""
