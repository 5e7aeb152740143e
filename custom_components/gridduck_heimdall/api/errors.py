"""Every way in which a cloud can fail to answer.

The text of each error is one short plain sentence that may be shown to the user: no secret, no
token and no header is in it, and of the server's own words at most 200 characters.

Contract: heimdall-api.md §2.3 and §5.8; gridduck-api.md, Part 2, "Errors".
"""


class ApiError(Exception):
    """Base of all errors of this package.

    Attributes:
        without_token: that no token could be had, so that no other request fares better.
    """

    without_token: bool = False


class ConnectionFailed(ApiError):
    """No whole answer came: name, connection, TLS, time limit, or cut off midway."""


class TimedOut(ConnectionFailed):
    """The time limit passed before the whole answer was there."""


class AuthenticationFailed(ApiError):
    """The credentials were refused, or a new token was.

    Attributes:
        vague: that it may as well be something else about the request that was refused.
    """

    vague: bool = False


class PermissionDenied(ApiError):
    """The credentials are good but do not allow this (403)."""


class NotFound(ApiError):
    """There is no data, or no such thing (404)."""


class BadRequest(ApiError):
    """The server does not accept the request (any other 4xx).

    Attributes:
        status: HTTP status.
        detail: the server's own explanation, cleaned and cut; "" when it gave none.
    """

    def __init__(self, message: str, *, status: int = 400, detail: str = "") -> None:
        """Hold the status and the server's explanation."""
        super().__init__(message)
        self.status = status
        self.detail = detail


class RateLimited(ApiError):
    """Too many requests (429).

    Attributes:
        retry_after: seconds to wait that the server named, or None.
    """

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        """Hold the wait that the server asked for."""
        super().__init__(message)
        self.retry_after = retry_after


class ServerError(ApiError):
    """The server failed (5xx or 408); worth another try later.

    Attributes:
        status: HTTP status.
        retry_after: seconds to wait that the server named, or None.
    """

    def __init__(self, message: str, *, status: int, retry_after: float | None = None) -> None:
        """Hold the status and the wait that the server asked for."""
        super().__init__(message)
        self.status = status
        self.retry_after = retry_after


class UnexpectedAnswer(ApiError):
    """What answered is not this API: a redirect, a page, nothing, too much, another shape."""


class ForeignAnswer(UnexpectedAnswer):
    """A refusal that is not in this API's words: a firewall or a portal stands in between.

    It says nothing of credentials or permissions.

    Attributes:
        status: HTTP status.
    """

    def __init__(self, message: str, *, status: int) -> None:
        """Hold the status."""
        super().__init__(message)
        self.status = status


class FeatureUnavailable(ApiError):
    """This server does not offer an endpoint that was only assumed.

    Attributes:
        feature: name of the feature that cannot be used.

    Contract: gridduck-api.md, Part 2.
    """

    def __init__(self, message: str, *, feature: str) -> None:
        """Hold the name of the feature."""
        super().__init__(message)
        self.feature = feature
