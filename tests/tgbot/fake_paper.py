"""The half of the desk in memory that keeps a paper account."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from trading.desk.answers import Activity, BotCard, DeskError
from trading.desk.paper_prices import PaperAccountCard, PaperPrices, PriceKind

START = {"USDT": Decimal(10_000), "BTC": Decimal("0.05")}
FRESH = PaperAccountCard(
    total=START,
    free=START,
    equity=Decimal("14750.5"),
    prices=PaperPrices(PriceKind.SIMULATED),
    seed=7,
    speed=Decimal(10),
    running=0,
    operator=(),
    venues=(("binance", "Binance"), ("bitget", "Bitget")),
    symbols=("CRV/USDT:USDT", "CRV/USDT"),
)


@dataclass
class FakePaper:
    """A mixin: the bots are those of the desk it is mixed into. Stopping takes one more look."""

    owned_bots: dict[int, tuple[int, BotCard]] = field(default_factory=dict)
    changes: list[tuple[Any, ...]] = field(default_factory=list)
    paper_accounts: dict[int, PaperAccountCard] = field(default_factory=dict)
    brought: list[tuple[str, bytes]] = field(default_factory=list)

    def _take(self, token: str) -> None:
        raise NotImplementedError

    def _fail(self, method: str) -> None:
        raise NotImplementedError

    async def paper(self, user_id: int) -> PaperAccountCard:
        running = sum(1 for _ in self._running(user_id))
        return replace(self.paper_accounts.get(user_id, FRESH), running=running)

    async def set_paper_balance(self, user_id: int, currency: str, amount: Decimal) -> PaperAccountCard:
        self._fail("set_paper_balance")
        account = await self.paper(user_id)
        if currency not in START:
            raise DeskError("paper_currency_unknown", currency=currency)
        if account.running and amount < account.total[currency]:
            raise DeskError("paper_balance_used", currency=currency, bots="#1 CRV/USDT", least="10000")
        total = {**account.total, currency: amount}
        return self._put(user_id, ("set_paper_balance", currency, amount), replace(account, total=total, free=total))

    async def reset_paper(self, user_id: int, *, token: str) -> PaperAccountCard:
        if self._stop(user_id):
            raise DeskError("paper_still_stopping", count="1")
        self._take(token)
        return self._put(user_id, ("reset_paper",), replace(await self.paper(user_id), total=START, free=START))

    async def choose_paper_prices(self, user_id: int, prices: PaperPrices, *, token: str) -> PaperAccountCard:
        self._fail("choose_paper_prices")
        account = await self.paper(user_id)
        if account.running:
            raise DeskError("paper_bots_run", count=str(account.running))
        self._take(token)
        seed = 7 if prices.seed is None else prices.seed
        return self._put(user_id, ("choose_paper_prices", prices), replace(account, prices=prices, seed=seed))

    async def upload_paper_prices(self, user_id: int, symbol: str, content: bytes, *, token: str) -> PaperAccountCard:
        self._fail("upload_paper_prices")
        self._take(token)
        self.brought.append((symbol, content))
        prices = PaperPrices(PriceKind.UPLOADED, symbol=symbol, file="ours.csv")
        return self._put(user_id, ("upload_paper_prices", symbol), replace(await self.paper(user_id), prices=prices))

    async def stop_paper_bots(self, user_id: int, *, token: str) -> int:
        self._take(token)
        self.changes.append(("stop_paper_bots", user_id))
        self._stop(user_id)
        return 0

    def _put(self, user_id: int, change: tuple[Any, ...], account: PaperAccountCard) -> PaperAccountCard:
        self.changes.append((change[0], user_id, *change[1:]))
        self.paper_accounts[user_id] = account
        return account

    def _running(self, user_id: int) -> list[BotCard]:
        return [
            card
            for owner, card in self.owned_bots.values()
            if owner == user_id and card.is_paper and card.activity is not Activity.STOPPED
        ]

    def _stop(self, user_id: int) -> int:
        running = self._running(user_id)
        for card in running:
            self.owned_bots[card.id] = (user_id, replace(card, activity=Activity.STOPPED))
        return len(running)
