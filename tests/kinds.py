"""Every kind of notice that there is: the house's and the catalogue's."""

from __future__ import annotations

from trading.core.telling import Notice
from trading.runtime.outbox import notice_book
from trading.strategies import STRATEGIES

BOOK = notice_book(STRATEGIES.values())
KINDS: tuple[type[Notice], ...] = tuple(BOOK.kinds.values())
