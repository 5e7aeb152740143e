"""Parse the header of a CSV file.

Contract: gridduck-api.md, "Data download" and Part 2.
"""

from dataclasses import dataclass
import re
from typing import Final

from ..errors import UnreadableFile
from .csv_values import read_fields, seconds

# Of two equally good matches the first counts.
_DELIMITERS: Final = (",", ";", "\t")
_TIME_NAMES: Final = frozenset(
    {
        "time",
        "timestamp",
        "time stamp",
        "stamp",
        "date",
        "datetime",
        "date time",
        "date and time",
        "unix time",
        "unix",
        "from",
        "start",
        "start time",
        "interval start",
    }
)
# Ends of intervals are no values.
_END_NAMES: Final = frozenset(
    {"to", "end", "until", "end date", "end time", "interval end", "period end"}
)
_DATE_NAME: Final = "date"
_CLOCK_NAMES: Final = frozenset({"time", "start time"})
# Possessive: no backtracking in a header with a megabyte of blanks.
_ZONE: Final = re.compile(r"[(\[]\s*+(?:utc|gmt|z)?+\s*+[)\]]")
# An offset, the name of an area, or an abbreviation such as CEST; GMT is as good as UTC.
_OTHER_ZONE: Final = re.compile(
    r"""(?i:(?<![a-z])local(?![a-z]))
    | (?i:utc|gmt|[(\[])\s*+[+-]\s*+(?!0++(?::?+0++)?+(?!\d)) \d
    | \b(?:Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific)/
    | \b(?!GMT)[A-Z]{2,3}T\b""",
    re.VERBOSE,
)
_NO_LETTERS: Final = re.compile(r"[^a-z]+")
_WITH_UNIT: Final = re.compile(r"(.*\S)\s*[(\[]([^()\[\]]+)[)\]]")
# Units at the end of a name without brackets: of energy, and similar ones.
_UNIT_AT_END: Final = re.compile(
    r"""(?<![^\W_]) (?<!/) (?<!per\s) (?:
        (?:[kmgt]|kilo[\W_]?|mega[\W_]?|giga[\W_]?)? w(?:att)? [\W_]? h(?:ours?)?
        | [kmg]w | (?-i:W) | [kmg]j | [km]?vah | [km]?varh | therms? | btu
    ) $""",
    re.IGNORECASE | re.VERBOSE,
)
# Maximum length of a unit, to limit the search.
_LONGEST_UNIT: Final = 20
_BEFORE_UNIT: Final = " \t_-.,:;/|([{"
_AFTER_UNIT: Final = " \t_-.,:;)]}"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of values.

    Attributes:
        name: the name in the header, without the unit.
        unit: the unit after the name, in brackets or a known one; or None.
    """

    name: str
    unit: str | None


@dataclass(frozen=True, slots=True)
class Header:
    """The header.

    Attributes:
        delimiter: the delimiter of fields.
        names: of all columns.
        time: the index of the column of times.
        clock: the index of the column with the time of day, if that of times has only dates.
        certain: whether that column is named as such.
        values: the indexes of the columns of values.
        other_zone: whether the column of times names another zone than UTC.
    """

    delimiter: str
    names: tuple[str, ...]
    time: int
    clock: int | None
    certain: bool
    values: tuple[int, ...]
    other_zone: bool

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns of values."""
        return tuple(_column(self.names[place]) for place in self.values)


def read_header(line: str) -> Header:
    """Parse the header.

    Raises:
        UnexpectedAnswer: it is no header.
    """
    found = [one for mark in _DELIMITERS if (one := _header_by(line, mark)) is not None]
    best = max(found, key=lambda one: (one.certain, len(one.names)), default=None)
    if best is None or not best.values:
        raise UnreadableFile("The file does not begin with a header of a CSV file")
    if not best.certain and any(seconds(one.names[one.time]) is not None for one in found):
        raise UnreadableFile("The file has no header")
    return best


def _header_by(line: str, delimiter: str) -> Header | None:
    (cells,) = read_fields([line], delimiter)
    if cells is None or len(cells) <= 1:
        return None
    names = tuple(map(str.strip, cells))
    plain = [*map(_plain, names)]
    times = [place for place, name in enumerate(plain) if name in _TIME_NAMES]
    time = times[0] if times else 0
    clock = next((place for place in times if plain[place] in _CLOCK_NAMES), None)
    if clock is not None and _DATE_NAME in plain:
        time = plain.index(_DATE_NAME)
    else:
        clock = None
    others = {time, *times}
    if times:
        others.update(place for place, name in enumerate(plain) if name in _END_NAMES)
    values = tuple(place for place in range(len(names)) if place not in others)
    of_time = names[time] if clock is None else f"{names[time]} {names[clock]}"
    return Header(
        delimiter,
        names,
        time,
        clock,
        certain=bool(times),
        values=values,
        other_zone=_OTHER_ZONE.search(of_time) is not None,
    )


def _plain(name: str) -> str:
    """Return the words of a name, without a time zone."""
    return _NO_LETTERS.sub(" ", _ZONE.sub("", name.casefold())).strip()


def _column(name: str) -> Column:
    if (found := _WITH_UNIT.fullmatch(name)) is not None:
        return Column(found[1], found[2].strip())
    whole = name.rstrip(_AFTER_UNIT)
    if (found := _UNIT_AT_END.search(whole[-_LONGEST_UNIT:])) is None:
        return Column(name, None)
    unit = found[0]
    # A column whose name is only a unit keeps it as its name.
    return Column(whole.removesuffix(unit).rstrip(_BEFORE_UNIT) or name, unit)
