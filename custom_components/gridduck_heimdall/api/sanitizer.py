"""Sanitize untrusted text for messages, names and Markdown."""

from collections.abc import Iterable
import re

LONGEST_TEXT = 200
"""Maximum length of untrusted text in a message."""
LONGEST_NAME = 100
"""Maximum length of a name."""

# Lone surrogates too: UTF-8 cannot encode them.
_SPACES = re.compile("[\\s\x00-\x1f\x7f-\x9f\ud800-\udfff]+")
# A mark that changes the direction of writing affects what follows the text as well.
_UNSEEN = re.compile("[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_SECRETS = re.compile(r"(?i:bearer|basic)\s+[\w.~+/=-]{8,}")
_WORDS = re.compile(r"[\w.-]+")
# CommonMark allows escaping all of them, so the context does not matter.
_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")


def sanitize_text(text: str, secrets: Iterable[str] = ()) -> str:
    """Return `text` on one line, without secrets, cut to 200 characters.

    Args:
        text: anything, for instance the body of an error.
        secrets: text that must not be shown; what looks like a token is hidden anyway.
    """
    for secret in secrets:
        text = text.replace(secret, "***")
    # Word by word: a pattern without an anchor takes quadratic time.
    text = _WORDS.sub(_without_jwt, _SECRETS.sub("***", text))
    return _cut(_on_one_line(text), LONGEST_TEXT)


def sanitize_name(*candidates: str | None) -> str:
    """Return the first text with a visible character, fit to be a name; "" if none has any.

    The name is on one line, cut to 100 characters, without control characters and without marks
    that change the direction of writing. Markup stays as it is.
    """
    for text in candidates:
        name = _on_one_line(text) if text else ""
        if any(char.isprintable() and not char.isspace() for char in name):
            return _cut(name, LONGEST_NAME)
    return ""


def strip_marks(text: str) -> str:
    """Return a text without invisible marks and without marks that change its direction."""
    return _UNSEEN.sub("", text)


def escape_markdown(text: str) -> str:
    r"""Return a text escaped for where Home Assistant renders Markdown.

    It renders the descriptions of forms and of repair issues. It does not render titles, names
    and messages, which would show the escapes.

    Args:
        text: on one line, such as the title of an account or a service's own words.
    """
    return _PUNCTUATION.sub(r"\\\g<0>", text)


def _without_jwt(word: re.Match[str]) -> str:
    head, found, rest = word[0].partition("eyJ")
    return f"{head}***" if found and "." in rest[1:-1] else word[0]


def _on_one_line(text: str) -> str:
    return _SPACES.sub(" ", _UNSEEN.sub("", text)).strip()


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"
