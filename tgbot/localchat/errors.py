"""What the local Bot API refuses, in Telegram's own words.

ApiError
├── BadRequest        400  the call is wrong; repeating it changes nothing
├── Unauthorized      401  not this bot's token
├── Forbidden         403  the person does not want to hear from the bot
├── NotFound          404  no such method
├── Conflict          409  another poller took over
└── TooManyRequests   429  wait `retry_after` seconds
"""

from typing import Any


class ApiError(Exception):
    code = 400
    prefix = "Bad Request"

    def __init__(self, description: str = "") -> None:
        self.description = f"{self.prefix}: {description}" if description else self.prefix
        super().__init__(self.description)

    def as_json(self) -> dict[str, Any]:
        return {"ok": False, "error_code": self.code, "description": self.description}


class BadRequest(ApiError):
    pass


class Unauthorized(ApiError):
    code = 401
    prefix = "Unauthorized"


class Forbidden(ApiError):
    code = 403
    prefix = "Forbidden"


class NotFound(ApiError):
    code = 404
    prefix = "Not Found"


class Conflict(ApiError):
    code = 409
    prefix = "Conflict"


class TooManyRequests(ApiError):
    code = 429
    prefix = "Too Many Requests"

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"retry after {retry_after}")
        self.retry_after = retry_after

    def as_json(self) -> dict[str, Any]:
        return {**super().as_json(), "parameters": {"retry_after": self.retry_after}}


class RequestRefused(Exception):
    """The chat page asked for something it cannot have; shown to the person as it is."""

    def __init__(self, explanation: str, status: int = 400) -> None:
        super().__init__(explanation)
        self.explanation = explanation
        self.status = status
