"""Errors of the clients.

Each error has a message in English, for the log and for diagnostics, and a reason with values, from
which the layers above make a sentence in the user's language. Neither contains secrets, tokens or
headers; of the server's own text there are at most 200 characters.

Contract: heimdall-api.md §2.3 and §5.8; gridduck-api.md, Part 2, "Errors".
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Self


class ErrorReason(StrEnum):
    """What went wrong; each is the key of a translated sentence.

    Most sentences have the placeholder `host`. Those of a status may have a variant with the
    placeholder `detail`, the server's own text.
    """

    # The defaults of the classes below.
    REQUEST_FAILED = "request_failed"
    CONNECTION_FAILED = "connection_failed"
    AUTHENTICATION_FAILED = "authentication_failed"
    PERMISSION_DENIED = "permission_denied"
    NOT_FOUND = "not_found"
    BAD_REQUEST = "bad_request"
    RATE_LIMITED = "rate_limited"
    SERVER_ERROR = "server_error"
    UNEXPECTED_ANSWER = "unexpected_answer"
    FEATURE_UNAVAILABLE = "feature_unavailable"

    # Failures of the connection to a host.
    TIMED_OUT = "timed_out"
    CERTIFICATE_NOT_TRUSTED = "certificate_not_trusted"
    NO_SECURE_CONNECTION = "no_secure_connection"
    HOST_UNKNOWN = "host_unknown"
    NO_CONNECTION = "no_connection"
    CONNECTION_CUT = "connection_cut"
    INVALID_ADDRESS = "invalid_address"
    NOT_HTTP = "not_http"
    NOT_UNPACKABLE = "not_unpackable"
    REDIRECT_LOOP = "redirect_loop"
    TOO_LARGE = "too_large"

    # HTTP status codes, with the placeholder `status`.
    FOREIGN_PAGE = "foreign_page"
    OTHER_STATUS = "other_status"
    CREDENTIALS_REFUSED = "credentials_refused"
    NOT_ALLOWED = "not_allowed"
    NOTHING_THERE = "nothing_there"
    FEWER_REQUESTS = "fewer_requests"
    SERVICE_FAILED = "service_failed"
    NOT_ACCEPTED = "not_accepted"
    REQUEST_REFUSED = "request_refused"

    SCOPE_REFUSED = "scope_refused"
    PAUSE_NOT_OVER = "pause_not_over"
    EMPTY_ANSWER = "empty_answer"
    WEB_PAGE = "web_page"
    UNREADABLE_FILE = "unreadable_file"
    LINK_UNUSABLE = "link_unusable"
    ENDPOINT_MISSING = "endpoint_missing"
    NOTHING_GRANTED = "nothing_granted"


class ApiError(Exception):
    """Base of all errors of this package.

    Attributes:
        reason: the key of the sentence that users see.
        values: the placeholders of the sentence.
        without_token: whether no token was available, so that every request fails.
    """

    reason: ErrorReason = ErrorReason.REQUEST_FAILED
    values: Mapping[str, str] = MappingProxyType({})
    without_token: bool = False

    def because(self, reason: ErrorReason, **values: object) -> Self:
        """Set the reason and the placeholders of its sentence, and return the error."""
        self.reason = reason
        self.values = {name: str(value) for name, value in values.items()}
        return self


class ConnectionFailed(ApiError):
    """No complete response: DNS, connection, TLS, timeout, or interrupted."""

    reason = ErrorReason.CONNECTION_FAILED


class TimedOut(ConnectionFailed):
    """The response was not complete within the time limit."""


class AuthenticationFailed(ApiError):
    """The credentials were refused, or a new token was.

    Attributes:
        vague: whether something else about the request may have been refused.
    """

    reason = ErrorReason.AUTHENTICATION_FAILED
    vague: bool = False


class PermissionDenied(ApiError):
    """The credentials are valid but do not allow this (403)."""

    reason = ErrorReason.PERMISSION_DENIED


class NotFound(ApiError):
    """There is no data, or no such resource (404)."""

    reason = ErrorReason.NOT_FOUND


class BadRequest(ApiError):
    """The server does not accept the request (any other 4xx).

    Attributes:
        status: HTTP status.
        detail: the server's explanation, sanitized and truncated; "" without one.
    """

    reason = ErrorReason.BAD_REQUEST

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

    reason = ErrorReason.RATE_LIMITED

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

    reason = ErrorReason.SERVER_ERROR

    def __init__(self, message: str, *, status: int, retry_after: float | None = None) -> None:
        """Set the status and the Retry-After."""
        super().__init__(message)
        self.status = status
        self.retry_after = retry_after


class UnexpectedAnswer(ApiError):
    """The response is not from this API: a redirect, a web page, empty, too large, or invalid."""

    reason = ErrorReason.UNEXPECTED_ANSWER


class UnreadableFile(UnexpectedAnswer):
    """A file or an archive that is damaged, or not what it is said to be."""

    reason = ErrorReason.UNREADABLE_FILE


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

    reason = ErrorReason.FEATURE_UNAVAILABLE

    def __init__(self, message: str, *, feature: str) -> None:
        """Set the name of the feature."""
        super().__init__(message)
        self.feature = feature
