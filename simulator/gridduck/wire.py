"""How the GridDuck service words its answers, and how strictly it reads what it is sent."""

from collections.abc import Collection
from typing import Final
from uuid import uuid4

from aiohttp import web
import msgspec
from multidict import MultiMapping

from .settings import Refusal

# What stands in the links of the real service, whatever address it was reached at.
PUBLIC_HOST: Final = "v2.api.gridduck.com"
_CODES: Final = {
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    409: "conflict",
    429: "too_many_requests",
}
_PAGE: Final = (
    "<!DOCTYPE html>\n<html><head><title>404 Not Found</title></head>\n"
    "<body><h1>Not Found</h1><p>The requested URL was not found on this server.</p></body></html>\n"
)


class Refused(Exception):
    """A request that is answered with an error: its status, code and message."""

    def __init__(self, status: int, message: str, code: str | None = None) -> None:
        """Take the status, the message and, where the status does not tell it, the code."""
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code

    def response(self) -> web.Response:
        """Return the error as an answer. Contract: gridduck-api.md, Part 2, "Errors"."""
        body = {
            "error": self.code or _CODES.get(self.status, "error"),
            "message": self.message,
            "request_id": str(uuid4()),
        }
        response = json_response(body, self.status)
        if self.status == 401:
            basic = self.code == "invalid_client"
            response.headers["WWW-Authenticate"] = "Basic" if basic else "Bearer"
        if self.status == 429:
            response.headers["Retry-After"] = "30"
        return response


def json_response(body: object, status: int = 200) -> web.Response:
    """Return an answer with a JSON body."""
    encoded = msgspec.json.encode(body)
    return web.Response(body=encoded, status=status, content_type="application/json")


def refused(refusal: Refusal) -> web.Response:
    """Return the answer of a server that does not have an endpoint, in its own way."""
    match refusal:
        case int() as status:
            return Refused(status, "This is not for you").response()
        case "html":
            return web.Response(text=_PAGE, content_type="text/html")
        case "malformed":
            return web.Response(text='{"results": [', content_type="application/json")
        case "redirect":
            return web.Response(status=302, headers={"Location": "/login"})
        case _:
            return web.Response()


def missing_page() -> web.Response:
    """Return the page of a server that does not know the address."""
    return web.Response(body=_PAGE.encode(), status=404, content_type="text/html")


def envelope(
    path: str, results: Collection[object], offset: int, limit: int, total: int, **more: object
) -> web.Response:
    """Return a page of results.

    `links.next` is always set, names the public host over plain http and lacks the trailing slash,
    as in the guide's own example. Contract: gridduck-api.md, "List assets".
    """
    link = f"http://{PUBLIC_HOST}{path.rstrip('/')}"
    previous = f"{link}?offset={max(offset - limit, 0)}&limit={limit}" if offset else None
    return json_response(
        {
            "pagination": {"offset": offset, "limit": limit, "total": total},
            "links": {"next": f"{link}?offset={offset + limit}&limit={limit}", "prev": previous},
            "results": results,
            **more,
            "request_id": str(uuid4()),
        }
    )


def parameters(given: MultiMapping[str], known: Collection[str]) -> dict[str, str]:
    """Return query or form parameters; raises Refused for an unknown or repeated one."""
    for name in given:
        if name not in known:
            raise Refused(400, f"Unknown parameter {name!r}")
        if len(given.getall(name)) > 1:
            raise Refused(400, f"Parameter {name!r} is given more than once")
    return dict(given)


def required(given: dict[str, str], name: str) -> str:
    """Return a parameter; raises Refused where it is missing or empty."""
    if value := given.get(name):
        return value
    raise Refused(400, f"Parameter {name!r} is required")


def whole_number(text: str, name: str) -> int:
    """Return a parameter as a number of 0 or more; raises Refused for anything else."""
    if not (text.isascii() and text.isdecimal() and len(text) <= 12):
        raise Refused(400, f"Parameter {name!r} must be a whole number of 0 or more")
    return int(text)


def one_of[T](choices: dict[str, T], text: str, name: str) -> T:
    """Return what a parameter stands for; raises Refused where it is none of the choices."""
    if text in choices:
        return choices[text]
    raise Refused(400, f"Parameter {name!r} must be one of: {', '.join(choices)}")


async def json_body[T](request: web.Request, shape: type[T]) -> T:
    """Return the body as `shape`; raises Refused where it is not exactly that."""
    parameters(request.query, ())
    if request.content_type != "application/json":
        raise Refused(400, "Content-Type must be application/json")
    try:
        return msgspec.json.decode(await request.read(), type=shape)
    except msgspec.DecodeError as error:
        raise Refused(400, f"The body is not what was expected: {error}") from error
