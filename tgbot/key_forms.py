"""Half-made keys. They hold secrets, so they live in this process's memory only, and not for long."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from trading.desk.answers import KeyCard, VenueInfo

_LIFETIME = 15 * 60.0


class Aim(StrEnum):
    """What a form is for."""

    ADD = "add"
    RENAME = "rename"
    REPLACE = "replace"


@dataclass(slots=True)
class KeyForm:
    """``found`` are the venues whose buttons were shown last; ``kind`` is the kind of market that the key is for.

    ``key`` is the stored key that is renamed or gets other credentials; None while one is added.
    ``message`` is the message that asks; ``insisted`` counts how often the person stood by a withdrawal right."""

    mark: str
    expires: float
    aim: Aim = Aim.ADD
    key: KeyCard | None = None
    venue: VenueInfo | None = None
    kind: str = ""
    found: tuple[VenueInfo, ...] = ()
    values: dict[str, str] = field(default_factory=dict, repr=False)
    label: str = ""
    message: int | None = None
    insisted: int = 0

    def choose(self, venue: VenueInfo | None) -> None:
        """Begin with this venue, or without one; what was typed and stood by for another is forgotten."""
        self.venue, self.kind, self.insisted = venue, "", 0
        self.values.clear()

    @property
    def wanted(self) -> str | None:
        """The credential that is asked next; None when all are there."""
        names = self.venue.credentials if self.venue else ()
        return next((name for name in names if name not in self.values), None)

    def holds(self, text: str) -> bool:
        """Whether something that was typed as a credential is in the text, however its spaces and lines were kept."""
        shown = "".join(text.split())
        return any("".join(value.split()) in shown for value in self.values.values())

    @property
    def is_filled(self) -> bool:
        return self.venue is not None and self.wanted is None


class KeyForms:
    """One form a person, forgotten after a quarter of an hour. ``monotonic`` answers seconds."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._forms: dict[int, KeyForm] = {}

    def begin(self, user_id: int, aim: Aim = Aim.ADD, key: KeyCard | None = None) -> KeyForm:
        """A new form in the place of the one there was, of which nothing is kept."""
        self.drop(user_id)
        form = KeyForm(mark=secrets.token_hex(3), expires=self._monotonic() + _LIFETIME, aim=aim, key=key)
        self._forms[user_id] = form
        return form

    def find(self, user_id: int, mark: str | None = None) -> KeyForm | None:
        """The person's form; with ``mark`` only that very one."""
        self._forget_old()
        form = self._forms.get(user_id)
        return form if form is not None and mark in (None, form.mark) else None

    def drop(self, user_id: int) -> None:
        form = self._forms.pop(user_id, None)
        if form is not None:
            form.values.clear()

    def _forget_old(self) -> None:
        now = self._monotonic()
        for user_id in [each for each, form in self._forms.items() if form.expires <= now]:
            self.drop(user_id)
