"""Foreign text where Home Assistant renders Markdown: it stays the text that it is."""

import re

# CommonMark lets all of them be escaped, so no need to know which ones mean something where.
_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")


def in_markdown(text: str) -> str:
    r"""Return a text that shows as it is where Markdown is rendered.

    Descriptions of forms and of repair issues are; titles, names and messages are not, and would
    show the escapes.

    Args:
        text: on one line, such as the title of an account or a service's own words.
    """
    return _PUNCTUATION.sub(r"\\\g<0>", text)
