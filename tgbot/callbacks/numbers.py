"""A number as a button may carry it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

MOST_NUMBER = 2**52
Number = Annotated[int, Field(ge=-MOST_NUMBER, le=MOST_NUMBER)]
"""Telegram's ids take 52 bits, ours less: what is longer is no number of anything, and no database could look."""
