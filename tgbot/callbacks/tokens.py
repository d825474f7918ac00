"""The single-use token of a button that creates, starts, stops or moves money."""

from __future__ import annotations

import secrets


def new_token() -> str:
    """Short enough for a button, long enough not to be met twice."""
    return secrets.token_hex(6)
