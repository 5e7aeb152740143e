"""Options of a config entry that this version cannot read."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import pytest

from custom_components.gridduck_heimdall.core.stored_options import flag, member, text, texts
from custom_components.gridduck_heimdall.heimdall.rating import Rule


@pytest.mark.parametrize(
    ("read", "known", "unknown", "counts_as"),
    [
        (partial(flag, default=True), False, "n0", True),
        (text, "words", {"n": "n0"}, ""),
        (texts, ["a"], ["a", {"n": "n0"}], ["a"]),
        (texts, ["a"], "n0", []),
        (partial(member, default=Rule.STANDARD), Rule.STANDARD.value, "n0", Rule.STANDARD),
    ],
    ids=["flag", "text", "texts", "texts of another kind", "member"],
)
def test_what_cannot_be_read_is_logged_once(
    caplog: pytest.LogCaptureFixture,
    request: pytest.FixtureRequest,
    read: Callable[[Mapping[str, Any], str], object],
    known: object,
    unknown: object,
    counts_as: object,
) -> None:
    """Not with its value, which may be a secret; one that is missing or known is not logged."""
    key = request.node.name
    read({}, key)
    assert read({key: known}, key) == known
    assert not caplog.messages
    for _ in range(2):
        assert read({key: unknown}, key) == counts_as
    (message,) = caplog.messages
    assert key in message
    assert "n0" not in message
