"""Client order ids: a pure function of installation epoch, bot and sequence number.

Form: ``mg`` + epoch (4) + bot (5) + sequence (7), base 36, lower case: 18 characters, which every venue takes. Any
order on a venue can so be recognised as ours and traced to its bot. The epoch is new when a backup is restored.
"""

from __future__ import annotations

from dataclasses import dataclass

PREFIX = "mg"
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_EPOCH, _BOT, _SEQUENCE = 4, 5, 7
EPOCHS = 36**_EPOCH


@dataclass(frozen=True, slots=True)
class ClientId:
    epoch: int
    bot_id: int
    sequence: int


def client_id(epoch: int, bot_id: int, sequence: int) -> str:
    """The id of a bot's n-th order. Raises ValueError when a number does not fit its place."""
    return PREFIX + _base36(epoch, _EPOCH) + _base36(bot_id, _BOT) + _base36(sequence, _SEQUENCE)


def parse_client_id(text: str) -> ClientId | None:
    """Whose order this is, or None when it is not one of ours."""
    body = text.removeprefix(PREFIX)
    if len(body) != _EPOCH + _BOT + _SEQUENCE or not text.startswith(PREFIX) or set(body) - set(_DIGITS):
        return None
    return ClientId(int(body[:_EPOCH], 36), int(body[_EPOCH : _EPOCH + _BOT], 36), int(body[_EPOCH + _BOT :], 36))


def _base36(number: int, width: int) -> str:
    if not 0 <= number < 36**width:
        raise ValueError(f"{number} does not fit into {width} base-36 digits")
    digits = []
    for _ in range(width):
        number, digit = divmod(number, 36)
        digits.append(_DIGITS[digit])
    return "".join(reversed(digits))
