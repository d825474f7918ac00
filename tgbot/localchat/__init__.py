"""Telegram without Telegram: a strict Bot API server on this machine, and a chat page for the browser.

The bot talks to it over real HTTP exactly as it talks to Telegram; only the API address differs.
"""

from tgbot.localchat.chat import DEFAULT_TOKEN, LocalChat
from tgbot.localchat.faults import Faults
from tgbot.localchat.limits import FloodLimits
from tgbot.localchat.people import DEFAULT_PEOPLE, Person

__all__ = ["DEFAULT_PEOPLE", "DEFAULT_TOKEN", "Faults", "FloodLimits", "LocalChat", "Person"]
