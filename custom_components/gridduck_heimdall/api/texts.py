"""Make foreign text fit to be shown, in a message or as a name."""

from collections.abc import Iterable
import re

LONGEST_TEXT = 200
"""Characters of foreign text in a message."""
LONGEST_NAME = 100
"""Characters of a name."""

# Half characters too: no file and no answer can hold them.
_SPACES = re.compile("[\\s\x00-\x1f\x7f-\x9f\ud800-\udfff]+")
# What turns the direction of writing reaches beyond the text that holds it.
_UNSEEN = re.compile("[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_SECRETS = re.compile(r"(?i:bearer|basic)\s+[\w.~+/=-]{8,}")
_WORDS = re.compile(r"[\w.-]+")


def fit_to_show(text: str, secrets: Iterable[str] = ()) -> str:
    """Return `text` on one line, without secrets, cut to 200 characters.

    Args:
        text: anything, for instance the body of an error.
        secrets: text that must not be shown; what looks like a token is hidden anyway.
    """
    for secret in secrets:
        text = text.replace(secret, "***")
    # Word by word: a pattern that begins anywhere would take the square of the length.
    text = _WORDS.sub(_without_jwt, _SECRETS.sub("***", text))
    return _cut(_on_one_line(text), LONGEST_TEXT)


def shown_name(*candidates: str | None) -> str:
    """Return the first of some texts that shows anything, fit to be a name; "" if none does.

    It is on one line, cut to 100 characters, and holds neither control characters nor marks
    that turn the direction of what follows. Markup in it stays the text that it is.
    """
    names = (_on_one_line(text) for text in candidates if text)
    return _cut(next(filter(_shows, names), ""), LONGEST_NAME)


def without_marks(text: str) -> str:
    """Return a text without marks that are not seen, or that turn the direction of writing."""
    return _UNSEEN.sub("", text)


def _without_jwt(word: re.Match[str]) -> str:
    head, found, rest = word[0].partition("eyJ")
    return f"{head}***" if found and "." in rest[1:-1] else word[0]


def _on_one_line(text: str) -> str:
    return _SPACES.sub(" ", without_marks(text)).strip()


def _shows(text: str) -> bool:
    return any(char.isprintable() and not char.isspace() for char in text)


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"
