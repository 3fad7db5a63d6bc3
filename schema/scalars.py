"""Scalars of our own spelling."""

from datetime import UTC, datetime

import strawberry
from strawberry.types.scalar import ScalarDefinition


def _spelled(instant: datetime) -> str:
    if instant.tzinfo is not UTC:
        instant = instant.astimezone(UTC)
    return instant.isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


DATE_TIME: ScalarDefinition = strawberry.scalar(
    name="DateTime",
    description="An instant in UTC, ISO 8601, to the microsecond: `2026-01-31T12:00:00.000000Z`.",
    specified_by_url="https://scalars.graphql.org/andimarek/date-time.html",
    serialize=_spelled,
    parse_value=datetime.fromisoformat,
)
