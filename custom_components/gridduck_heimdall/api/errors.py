"""Errors of the clients.

The message of each error is one short sentence for users: without secrets, tokens and headers, and
with at most 200 characters of the server's own text.

Contract: heimdall-api.md §2.3 and §5.8; gridduck-api.md, Part 2, "Errors".
"""


class ApiError(Exception):
    """Base of all errors of this package.

    Attributes:
        without_token: whether no token was available, so that every request fails.
    """

    without_token: bool = False


class ConnectionFailed(ApiError):
    """No complete response: DNS, connection, TLS, timeout, or interrupted."""


class TimedOut(ConnectionFailed):
    """The response was not complete within the time limit."""


class AuthenticationFailed(ApiError):
    """The credentials were refused, or a new token was.

    Attributes:
        vague: whether something else about the request may have been refused.
    """

    vague: bool = False


class PermissionDenied(ApiError):
    """The credentials are valid but do not allow this (403)."""


class NotFound(ApiError):
    """There is no data, or no such resource (404)."""


class BadRequest(ApiError):
    """The server does not accept the request (any other 4xx).

    Attributes:
        status: HTTP status.
        detail: the server's explanation, sanitized and truncated; "" without one.
    """

    def __init__(self, message: str, *, status: int = 400, detail: str = "") -> None:
        """Set the status and the explanation."""
        super().__init__(message)
        self.status = status
        self.detail = detail


class RateLimited(ApiError):
    """Too many requests (429).

    Attributes:
        retry_after: seconds to wait that the server named, or None.
    """

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        """Set the Retry-After."""
        super().__init__(message)
        self.retry_after = retry_after


class ServerError(ApiError):
    """The server failed (5xx or 408); a retry may succeed.

    Attributes:
        status: HTTP status.
        retry_after: seconds to wait that the server named, or None.
    """

    def __init__(self, message: str, *, status: int, retry_after: float | None = None) -> None:
        """Set the status and the Retry-After."""
        super().__init__(message)
        self.status = status
        self.retry_after = retry_after


class UnexpectedAnswer(ApiError):
    """The response is not from this API: a redirect, a web page, empty, too large, or invalid."""


class ForeignAnswer(UnexpectedAnswer):
    """A refusal that is not from this API, but from a firewall or a portal.

    It says nothing of credentials or permissions.

    Attributes:
        status: HTTP status.
    """

    def __init__(self, message: str, *, status: int) -> None:
        """Set the status."""
        super().__init__(message)
        self.status = status


class FeatureUnavailable(ApiError):
    """This server does not offer an assumed endpoint.

    Attributes:
        feature: the name of the missing feature.

    Contract: gridduck-api.md, Part 2.
    """

    def __init__(self, message: str, *, feature: str) -> None:
        """Set the name of the feature."""
        super().__init__(message)
        self.feature = feature
