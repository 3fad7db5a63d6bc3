"""Cron lines, compared with the schedule that Go's robfig/cron makes of them, and with croniter."""

from datetime import UTC, datetime

import pytest
from croniter import croniter
from hypothesis import example, given, settings
from hypothesis import strategies as st

from models.configuration.rules.cron import BadCron, check_cron

BOUNDS = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 6))
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
NAMES: tuple[dict[str, int], ...] = (
    *({}, {}, {}),
    {name: number for number, name in enumerate(MONTHS, 1)},
    {name: number for number, name in enumerate(WEEKDAYS)},
)
LONGEST = dict(zip(range(1, 13), (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31), strict=True))
#: A leap year is among the next eight, whatever today is.
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


def accepted(line: str) -> bool:
    try:
        check_cron(line)
    except BadCron:
        return False
    return True


def go_bits(text: str, bounds: tuple[int, int], names: dict[str, int]) -> tuple[set[int], bool]:
    """`getField` and `getRange` of robfig/cron v3: the values, and whether the star bit is set. Raises ValueError."""
    values: set[int] = set()
    star = False
    for part in text.split(","):
        spans = part.split("/")
        ends = spans[0].split("-")
        starred = ends[0] in ("*", "?")
        low, high = bounds if starred else (number(ends[0], names), number(ends[-1], names))
        step = int(spans[1]) if len(spans) > 1 else 1
        if len(spans) > 1 and len(ends) == 1:
            high = bounds[1]
        if len(ends) > 2 or len(spans) > 2 or low < bounds[0] or high > bounds[1] or low > high or step < 1:
            raise ValueError(part)
        star = star or (starred and step == 1)
        values |= set(range(low, high + 1, step))
    return values, star


def number(text: str, names: dict[str, int]) -> int:
    return names[text.lower()] if text.lower() in names else int(text)


def runs(line: str) -> bool:
    """Whether there is any minute at which Kubernetes would run it."""
    try:
        bits = [go_bits(*field) for field in zip(line.split(" "), BOUNDS, NAMES, strict=True)]
    except ValueError:
        return False
    (days, any_day), (months, _), (weekdays, any_weekday) = bits[2:]
    dates = any(day <= LONGEST[month] for day in days for month in months)
    return dates and bool(weekdays) if any_day or any_weekday else dates or bool(weekdays)


def parts(index: int) -> st.SearchStrategy[str]:
    """Mostly valid ones of the field, at its bounds and beyond them."""
    (low, high), names = BOUNDS[index], sorted(NAMES[index])
    good = [
        "*",
        "?",
        "*/1",
        "*/2",
        "?/99",
        f"{low}-{high}",
        f"{high - 1}-{high}/1",
        f"{low}/7",
        *map(str, range(low, high + 1)),
    ]
    bad = [str(low - 1), str(high + 1), f"{high}-{low}", "*-3", "1-2-3", "*/0", "*/", "*/1/1", "*/x", "x", "", "sun"]
    return st.one_of(st.sampled_from(good), st.sampled_from(good + names), st.sampled_from(bad + names))


def lines() -> st.SearchStrategy[str]:
    fields = [st.one_of(parts(index), st.tuples(parts(index), parts(index)).map(",".join)) for index in range(5)]
    often = st.sampled_from(["*", "0"])
    return st.tuples(often, st.one_of(often, fields[1]), *fields[2:]).map(" ".join)


@settings(max_examples=200)
@example("0 0 31 2 *")
@example("0 0 31 2 0,*")
@example("0 0 31 2/1 *")
@example("0 0 31 2 */1")
@example("0 0 31 2 */2")
@example("0 0 31 2 0-6")
@example("0 0 31 2,3 ?")
@example("0 0 30 feb mon")
@example("0 0 29 2 *")
@given(lines())
def test_a_line_is_taken_when_kubernetes_would_ever_run_it(line: str) -> None:
    if accepted(line):
        assert runs(line)
    elif runs(line):
        # stricter than Go, which reads over it: an empty item, a range behind '*'
        assert any(not item or "*-" in item or "?-" in item for item in line.replace(" ", ",").split(","))


@given(lines().filter(lambda line: "?" not in line))
def test_what_is_taken_comes(line: str) -> None:
    """croniter reads the same grammar, but for `?`."""
    if accepted(line):
        assert croniter(line, BEGIN, max_years_between_matches=8).get_next(datetime) > BEGIN


@pytest.mark.parametrize(
    "line",
    [
        "* * * * *",
        "59 23 31 12 6",
        "0 0 1 1 0",
        "*/5 8-18 * * mon-fri",
        "0\t0  * * *\n",
        "0 0 1 JAN,Mar Sun",
        "3/5 * ? * ?",
        "0 0 31 2/1 *",
        "007 * * * *",
        "@yearly",
        "@annually",
        "@monthly",
        "@weekly",
        "@daily",
        "@midnight",
        "@hourly",
        "@every 1h30m",
        "@every 1s",
        "@every 8784h",
        "@every 1.5h",
    ],
)
def test_a_schedule(line: str) -> None:
    check_cron(line)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("", "has 0 fields; it needs 5"),
        ("* * * *", "has 4 fields"),
        ("0 * * * * *", "has 6 fields"),
        ("60 * * * *", "has '60' as minute, which goes from 0 to 59"),
        ("* 24 * * *", "hour, which goes from 0 to 23"),
        ("* * 0 * *", "day of month, which goes from 1 to 31"),
        ("* * * 13 *", "month, which goes from 1 to 12"),
        ("* * * * 7", "day of week, which goes from 0 to 6"),
        ("* * * * frei", "no number or name"),
        ("x * * * *", "has 'x' as minute, which is no number"),
        ("*/0 * * * *", "step of 0"),
        ("5-1 * * * *", "ends before it begins"),
        ("*-5 * * * *", "'*' is a range already"),
        ("1-2-3 * * * *", "no number"),
        ("1,,2 * * * *", "no number"),
        ("+5 * * * *", "no number"),
        ("٣ * * * *", "no number"),
        ("0000000 * * * *", "no number"),
        ("L * * * *", "no number"),
        ("0 0 31 2 *", "never comes: none of its months has a day 31"),
        ("0 0 31 2 0,*", "never comes"),
        ("0\x1c0 * * *", "control characters"),
        ("0 0 * * *\0", "control characters"),
        ("TZ=UTC 0 0 * * *", "give it as timeZone"),
        ("CRON_TZ=UTC @daily", "give it as timeZone"),
        ("@reboot", "is none of @annually"),
        ("@Daily", "is none of"),
        ("@daily ", "is none of"),
        ("@every", "is none of"),
        ("@every 5", "not like @every 1h30m"),
        ("@every 1d", "not like @every 1h30m"),
        ("@every -1h", "not like @every 1h30m"),
        ("@every 0s", "at most every second"),
        ("@every 0.9s", "at most every second"),
        ("@every 8785h", "at least every year"),
        ("@every " + "9" * 240 + "h", "at least every year"),
        ("* * * * " + "0," * 130, "has 268 characters"),
    ],
)
def test_what_is_none_is_refused_with_a_reason(line: str, words: str) -> None:
    with pytest.raises(BadCron) as refusal:
        check_cron(line)
    assert words in str(refusal.value)
