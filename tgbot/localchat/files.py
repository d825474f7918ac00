"""Photos, videos and documents: taken in as Telegram would take them, kept whole, found again by their id."""

import hashlib
import secrets
from dataclasses import dataclass
from pathlib import PurePosixPath
from sqlite3 import Row
from typing import Any

from tgbot.localchat.errors import BadRequest
from tgbot.localchat.images import recognize
from tgbot.localchat.storage import Transaction
from tgbot.localchat.videos import recognize as recognize_video

MEGABYTE = 1024 * 1024
PHOTO_LIMIT = 10 * MEGABYTE
UPLOAD_LIMIT = 50 * MEGABYTE
DOWNLOAD_LIMIT = 20 * MEGABYTE
_COLUMNS = "number, id, kind, name, mime, size, width, height, seconds"


@dataclass(frozen=True, slots=True)
class Upload:
    name: str
    mime: str
    content: bytes


@dataclass(frozen=True, slots=True)
class StoredFile:
    number: int
    id: str
    kind: str
    name: str
    mime: str
    size: int
    width: int
    height: int
    seconds: int

    @property
    def path(self) -> str:
        """Where /file/bot<token>/ serves it."""
        suffix = PurePosixPath(self.name).suffix
        return f"{self.kind}s/file_{self.number}{suffix}"

    def _reference(self) -> dict[str, Any]:
        unique = hashlib.sha256(self.id.encode()).hexdigest()[:16]
        return {"file_id": self.id, "file_unique_id": unique, "file_size": self.size}

    def as_file(self) -> dict[str, Any]:
        return {**self._reference(), "file_path": self.path}

    def as_media(self) -> dict[str, Any]:
        """The part of a message that holds it."""
        if self.kind == "photo":
            return {"photo": [{**self._reference(), "width": self.width, "height": self.height}]}
        about = {**self._reference(), "file_name": self.name, "mime_type": self.mime}
        if self.kind == "video":
            return {"video": {**about, "width": self.width, "height": self.height, "duration": self.seconds}}
        return {"document": about}


async def save_upload(tx: Transaction, kind: str, upload: Upload) -> StoredFile:
    if not upload.content:
        raise BadRequest("file must be non-empty")
    width = height = seconds = 0
    name, mime = _safe_name(upload.name), upload.mime
    if kind == "video":
        if (film := recognize_video(upload.content)) is None:
            kind = "document"  # as Telegram does with what it cannot play
        else:
            width, height, seconds, mime = film.width, film.height, film.seconds, film.mime
    if kind == "photo":
        if len(upload.content) > PHOTO_LIMIT:
            raise BadRequest("file is too big for a photo")
        picture = recognize(upload.content)
        if picture is None:
            raise BadRequest("IMAGE_PROCESS_FAILED")
        width, height, mime = picture.width, picture.height, picture.mime
        name = f"photo.{mime.removeprefix('image/').replace('jpeg', 'jpg')}"
        if min(width, height) < 1 or width + height > 10_000 or max(width, height) > 20 * min(width, height):
            raise BadRequest("PHOTO_INVALID_DIMENSIONS")
    file_id = f"LC{kind[0].upper()}{secrets.token_urlsafe(24)}"
    number = await tx.insert(
        "INSERT INTO files (id, kind, name, mime, size, width, height, seconds, content)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        *(file_id, kind, name, mime, len(upload.content), width, height, seconds, upload.content),
    )
    return StoredFile(number, file_id, kind, name, mime, len(upload.content), width, height, seconds)


async def find_file(tx: Transaction, file_id: str) -> StoredFile | None:
    row = await tx.one(f"SELECT {_COLUMNS} FROM files WHERE id = ?", file_id)  # noqa: S608  our own names
    return _stored(row) if row else None


async def find_file_by_path(tx: Transaction, path: str) -> StoredFile | None:
    number = PurePosixPath(path).stem.removeprefix("file_")
    row = await tx.one(
        f"SELECT {_COLUMNS} FROM files WHERE number = ?",  # noqa: S608  our own names
        int(number) if number.isdecimal() else -1,
    )
    found = _stored(row) if row else None
    return found if found and found.path == path else None


async def content_of(tx: Transaction, file: StoredFile) -> bytes:
    row = await tx.one("SELECT content FROM files WHERE number = ?", file.number)
    return bytes(row["content"]) if row else b""


def _stored(row: Row) -> StoredFile:
    return StoredFile(**{name: row[name] for name in StoredFile.__dataclass_fields__})


def _safe_name(name: str) -> str:
    """The last part of a path, without what could end a header."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(character for character in last if character.isprintable() and character not in '"<>|:*?') or "file"
