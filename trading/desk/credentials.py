"""What people send as credentials, and the names of keys: cleaned, told apart, shown by their ends."""

from __future__ import annotations

from collections.abc import Mapping

from trading.desk.answers import DeskError
from trading.exchanges.venues import CREDENTIAL_NAMES, Venue, credential_field

LONGEST_LABEL = 40
TAIL = 4


def cleaned(entry: Venue, credentials: Mapping[str, str]) -> dict[str, str]:
    """What the venue requires, by its names.

    Raises DeskError: credentials_missing, key_refused for letters that no key has.
    """
    names = [CREDENTIAL_NAMES[wanted.name] for wanted in entry.fields]
    clean = {name: credentials.get(name, "").strip() for name in names}
    missing = [name for name, value in clean.items() if not value]
    if missing:
        raise DeskError("credentials_missing", fields=", ".join(missing))
    if not all(_could_be_typed(value) for value in clean.values()):
        raise DeskError("key_refused", detail="a key holds Latin letters, digits and signs only")
    return clean


def telling(credentials: Mapping[str, str]) -> str:
    """What tells two keys apart: the API key, else the first that is no secret, else the first."""
    open_ones = [theirs for ours, theirs in CREDENTIAL_NAMES.items() if not credential_field(ours).secret]
    return next((name for name in open_ones if name in credentials), next(iter(credentials)))


def tail_of(credentials: Mapping[str, str]) -> str:
    """The last characters of what may be shown; nothing where a key is secrets only."""
    name = telling(credentials)
    is_secret = any(theirs == name and credential_field(ours).secret for ours, theirs in CREDENTIAL_NAMES.items())
    return "" if is_secret else credentials[name][-TAIL:]


def _could_be_typed(value: str) -> bool:
    """Letters, digits and signs; a key in PEM form has lines."""
    return value.isascii() and value.replace("\n", "").isprintable()


def label_of(label: str, credentials: Mapping[str, str]) -> str:
    """The name a person gave; nothing when a credential was typed into it, because names are stored as they are."""
    if any(value in label for value in credentials.values()):
        return ""
    return " ".join(label.split())[:LONGEST_LABEL]


def proposed_label(title: str, tail: str) -> str:
    """The name of a key that was given none."""
    return f"{title} {tail}".rstrip()
