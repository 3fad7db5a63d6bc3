"""Cron lines as Kubernetes reads them: `ParseStandard` of robfig/cron v3, without a time zone in the line."""

import re
from dataclasses import dataclass, field

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_MACROS = frozenset({"@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"})
_EVERY = re.compile(r"@every (?:\d+(?:\.\d*)?(?:h|m|s))+", re.ASCII)
_DURATION = re.compile(r"(\d+(?:\.\d*)?)(h|m|s)", re.ASCII)
_SECONDS = {"h": 3600, "m": 60, "s": 1}
_LONGEST_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_MAX_LENGTH = 256
#: Python takes some of them for spaces between fields, Go none.
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


class BadCron(ValueError):
    """The line is no schedule. The message says why, for a person."""


@dataclass(frozen=True)
class _Field:
    name: str
    lowest: int
    highest: int
    names: dict[str, int] = field(default_factory=dict[str, int])


_FIELDS = (
    _Field("minute", 0, 59),
    _Field("hour", 0, 23),
    _Field("day of month", 1, 31),
    _Field("month", 1, 12, {name: number for number, name in enumerate(MONTHS, 1)}),
    _Field("day of week", 0, 6, {name: number for number, name in enumerate(WEEKDAYS)}),
)


def check_cron(line: str) -> None:
    """Raises BadCron when Kubernetes would refuse the line, or would never run it."""
    if len(line) > _MAX_LENGTH:
        raise BadCron(f"has {len(line)} characters; at most {_MAX_LENGTH} are allowed")
    if _CONTROL.search(line):
        raise BadCron("has control characters in it; put spaces between the fields")
    if "TZ=" in line:
        raise BadCron("has a time zone in it; give it as timeZone")
    if line.startswith("@"):
        _check_macro(line)
        return
    texts = line.split()
    if len(texts) != len(_FIELDS):
        raise BadCron(f"has {len(texts)} fields; it needs 5: minute, hour, day of month, month, day of week")
    _, _, days, months, _ = (_values(text, kind) for text, kind in zip(texts, _FIELDS, strict=True))
    if _says_every(texts[4]) and all(min(days) > _LONGEST_MONTH[month - 1] for month in months):
        raise BadCron(f"never comes: none of its months has a day {min(days)}")


def _check_macro(line: str) -> None:
    if line in _MACROS:
        return
    if not _EVERY.fullmatch(line):
        raise BadCron(f"is none of {', '.join(sorted(_MACROS))} and not like @every 1h30m")
    seconds = sum(float(number) * _SECONDS[unit] for number, unit in _DURATION.findall(line))
    if not 1 <= seconds <= 366 * 24 * 3600:
        raise BadCron("must come at least every year and at most every second")


def _says_every(weekdays: str) -> bool:
    """Then only the day of the month counts; else a day counts that one of the two names."""
    parts = (part.partition("/") for part in weekdays.split(","))
    return any(span in {"*", "?"} and (not step or int(step) == 1) for span, _, step in parts)


def _values(text: str, kind: _Field) -> set[int]:
    return {value for part in text.split(",") for value in _range(part, kind)}


def _range(part: str, kind: _Field) -> range:
    """`*`, `3`, `mon-fri`, `*/5`, `10-20/2`, and `3/5`, which is from 3 to the highest."""
    span, slash, step_text = part.partition("/")
    low_text, hyphen, high_text = span.partition("-")
    if low_text in {"*", "?"}:
        if hyphen:
            raise BadCron(f"has {part!r} as {kind.name}: '*' is a range already")
        low, high = kind.lowest, kind.highest
    else:
        low = _number(low_text, kind)
        high = _number(high_text, kind) if hyphen else kind.highest if slash else low
    step = _step(step_text, kind) if slash else 1
    if low < kind.lowest or high > kind.highest:
        raise BadCron(f"has {part!r} as {kind.name}, which goes from {kind.lowest} to {kind.highest}")
    if low > high:
        raise BadCron(f"has {part!r} as {kind.name}: it ends before it begins")
    return range(low, high + 1, step)


def _number(text: str, kind: _Field) -> int:
    named = kind.names.get(text.lower())
    return named if named is not None else _digits(text, kind)


def _step(text: str, kind: _Field) -> int:
    step = _digits(text, kind)
    if step == 0:
        raise BadCron(f"has a step of 0 as {kind.name}")
    return step


def _digits(text: str, kind: _Field) -> int:
    if not (text.isascii() and text.isdecimal()) or len(text) > len("000059"):
        raise BadCron(f"has {text!r} as {kind.name}, which is no number" + (" or name" if kind.names else ""))
    return int(text)
