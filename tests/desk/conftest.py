"""A place for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.desk.place import Place

if TYPE_CHECKING:
    from tests.desk.chats import Room


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path / "desk.db")


@pytest.fixture
def room(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Room]:
    """Where people hear; at the end it is held to what the test says that it causes."""
    from tests.desk.chats import Room  # only who needs the chat waits for it to load

    folder = tmp_path / "room"
    folder.mkdir()
    room = Room(folder / "desk.db")
    yield room
    room.settle(request.function.causes)
