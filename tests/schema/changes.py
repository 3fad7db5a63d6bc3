"""What a new schema takes away from the clients of an old one."""

import re
from datetime import date

from graphql import build_schema
from graphql.utilities import find_breaking_changes

from tests.schema.habits import DATE, elements_of


def broken(old: str, new: str, today: date) -> list[str]:
    """Every breaking change, but for what was deprecated with a day that has come."""
    before = build_schema(old)
    announced = {
        name
        for name, _, reason in elements_of(before)
        if reason and (day := DATE.search(reason)) and date.fromisoformat(day.group()) <= today
    }
    return [
        change.description
        for change in find_breaking_changes(before, build_schema(new))
        if not ((removed := _removed(change.description)) and removed in announced)
    ]


def _removed(description: str) -> str | None:
    match = re.fullmatch(r"(?:Field|Enum value) (\S+) was removed\.", description)
    return match.group(1) if match else None
