"""Who may come in: requests to our own address, from our own page, and to the chat only with the key."""

import ipaddress
import secrets
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Middleware

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_ANYWHERE = ("0.0.0.0", "::", "")  # noqa: S104 - compared with, not listened on

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Gate:
    """Another site's page in the same browser, or a name made to point at us (DNS rebinding), stays outside."""

    def __init__(self, host: str, key: str) -> None:
        self._host = host
        self._key = key

    def middleware(self) -> Middleware:
        @web.middleware
        async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
            if not self._is_ours(request):
                response: web.StreamResponse = _refusal("this address is not served here")
            elif request.path.startswith("/client/") and not self.has_key(request):
                response = _refusal("the key is missing or wrong; open the address that was printed at start")
            else:
                response = await _plain_errors(request, handler)
            response.headers.update(_HEADERS)
            response.headers.setdefault(
                "Cache-Control", "no-cache" if request.path.startswith("/page/") else "no-store"
            )
            return response

        return check

    def has_key(self, request: web.Request) -> bool:
        offered = request.query.get("key") or request.cookies.get(_cookie_name(request)) or ""
        return secrets.compare_digest(offered.encode(), self._key.encode())

    def leave_cookie(self, request: web.Request, response: web.Response) -> None:
        """So that the page itself need not carry the key. Cookies know no ports, hence the port in its name."""
        response.set_cookie(_cookie_name(request), self._key, httponly=True, samesite="Strict", path="/")

    def _is_ours(self, request: web.Request) -> bool:
        if not self._serves(_name_of(f"//{request.host}")):
            return False
        origin = request.headers.get("Origin")
        if origin is not None and origin != f"{request.scheme}://{request.host}":
            return False
        return request.headers.get("Sec-Fetch-Site", "none") in ("same-origin", "none") or _is_navigation(request)

    def _serves(self, name: str) -> bool:
        if name in _LOOPBACK or name == self._host:
            return True
        return self._host in _ANYWHERE and _is_ip(name)


def _is_navigation(request: web.Request) -> bool:
    """Somebody followed a link to the page; harmless, because the page alone does nothing."""
    return request.path == "/" and request.headers.get("Sec-Fetch-Mode") == "navigate"


def _cookie_name(request: web.Request) -> str:
    return f"localchat_{urlsplit(f'//{request.host}').port or 80}"


def _name_of(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def _is_ip(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _refusal(explanation: str) -> web.Response:
    return web.json_response({"error": explanation}, status=403)


async def _plain_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except web.HTTPException as error:
        return web.json_response(
            {"ok": False, "error_code": error.status, "description": error.reason}, status=error.status
        )
