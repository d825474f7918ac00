"""The one door, as a Protocol: everything a front may ask of trading. Each theme has its own file."""

from __future__ import annotations

from typing import Protocol

from trading.desk.protocol.bots import Bots
from trading.desk.protocol.broadcasts import Broadcasts
from trading.desk.protocol.by_hand import ByHand
from trading.desk.protocol.drafts import Drafts
from trading.desk.protocol.hearing import Hearing
from trading.desk.protocol.keys import Keys
from trading.desk.protocol.markets import Markets
from trading.desk.protocol.members import Members
from trading.desk.protocol.paper import Paper
from trading.desk.protocol.people import People
from trading.desk.protocol.presets import Presets
from trading.desk.protocol.reports import Reports
from trading.desk.protocol.system import System
from trading.desk.protocol.trials import Trials

__all__ = ["DeskProtocol"]


class DeskProtocol(
    People,
    Members,
    System,
    Broadcasts,
    Keys,
    Markets,
    Bots,
    ByHand,
    Reports,
    Trials,
    Presets,
    Paper,
    Hearing,
    Drafts,
    Protocol,
):
    """Every method that names a user acts on that user's rows only and raises DeskError("not_found") for another's.

    ``key_id`` None means the user's paper account. ``token`` is a single-use action token: a second call with the same
    token raises DeskError("already_done") and changes nothing. It is used together with what it did: a call that was
    refused has not used it, and may be made again.
    """
