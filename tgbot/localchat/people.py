"""Who can sit at the local chat."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account. `language_code` is the profile's language until the person changes it on the page."""

    id: int
    name: str
    language_code: str
    admin: bool

    @property
    def username(self) -> str:
        return f"{self.name.lower()}_local"

    def as_user(self, language: str) -> dict[str, Any]:
        return {
            "id": self.id,
            "is_bot": False,
            "first_name": self.name,
            "username": self.username,
            "language_code": language,
        }

    def as_chat(self) -> dict[str, Any]:
        return {"id": self.id, "type": "private", "first_name": self.name, "username": self.username}


DEFAULT_PEOPLE = (
    Person(id=1000001, name="Alice", language_code="en", admin=True),
    Person(id=1000002, name="Boris", language_code="en", admin=False),
)
