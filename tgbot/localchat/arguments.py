"""The arguments of one call: from the address, a JSON body, a form or a multipart form, read as Telegram reads them."""

import json
from typing import Any

from aiohttp import BodyPartReader, web

from tgbot.localchat.errors import ApiError, BadRequest
from tgbot.localchat.files import UPLOAD_LIMIT, Upload


class EntityTooLarge(ApiError):
    code = 413
    prefix = "Request Entity Too Large"


class Arguments:
    """Typed access; a form says everything in strings, JSON says some of it in its own types. Both are understood."""

    def __init__(self, values: dict[str, Any], uploads: dict[str, Upload] | None = None) -> None:
        self.values = values
        self.uploads = uploads or {}

    def text(self, name: str) -> str:
        """'' when it is missing."""
        value = self.values.get(name)
        if value is None:
            return ""
        if isinstance(value, bool):
            return "true" if value else "false"
        if not isinstance(value, str):
            return json.dumps(value, ensure_ascii=False)
        try:
            value.encode()
        except UnicodeEncodeError:
            raise BadRequest("strings must be encoded in UTF-8") from None
        return value

    def integer(self, name: str, default: int = 0) -> int:
        """`default` when it is missing or not a number: Telegram does not complain either."""
        value = self.values.get(name)
        try:
            return int(value) if value is not None else default
        except (TypeError, ValueError):
            return default

    def flag(self, name: str) -> bool:
        value = self.values.get(name)
        return value is True or (isinstance(value, str) and value.strip().lower() in ("true", "yes", "1")) or value == 1

    def has(self, name: str) -> bool:
        return name in self.values

    def object(self, name: str) -> Any:
        """A structure; None when it is missing."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value.strip():
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise BadRequest(f"can't parse {name.replace('_', ' ')} JSON object") from None

    def array(self, name: str, complaint: str) -> list[Any]:
        value = self.object(name)
        if value is None:
            return []
        if not isinstance(value, list):
            raise BadRequest(complaint)
        return value


async def read_arguments(request: web.Request) -> Arguments:
    values: dict[str, Any] = dict(request.query)
    if request.method == "GET" or not request.can_read_body:
        return Arguments(values)
    try:
        match request.content_type:
            case "application/json":
                body = json.loads(await request.text() or "{}")
                if not isinstance(body, dict):
                    raise BadRequest("can't parse request: JSON object expected")
                return Arguments(values | body)
            case "application/x-www-form-urlencoded":
                return Arguments({**values, **await request.post()})
            case "multipart/form-data":
                return await _read_multipart(request, values)
    except web.HTTPRequestEntityTooLarge:
        raise EntityTooLarge from None
    except (ValueError, AssertionError) as error:
        raise BadRequest("can't parse request body") from error
    return Arguments(values)


async def _read_multipart(request: web.Request, values: dict[str, Any]) -> Arguments:
    uploads: dict[str, Upload] = {}
    total = 0
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or part.name is None:
            continue
        content = bytearray()
        while chunk := await part.read_chunk(64 * 1024):
            content += chunk
            total += len(chunk)
            if total > UPLOAD_LIMIT + 1024 * 1024:
                raise EntityTooLarge
        if part.filename is None:
            values[part.name] = content.decode("utf-8")
        else:
            mime = part.headers.get("Content-Type", "application/octet-stream")
            uploads[part.name] = Upload(part.filename, mime, bytes(content))
    return Arguments(values, uploads)
