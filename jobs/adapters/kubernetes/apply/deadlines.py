"""Until when the rollout of a workload may take that has no such field of its own."""

from datetime import UTC, datetime, timedelta

from jobs.adapters.kubernetes.json import JsonObject, annotations_of, metadata
from jobs.adapters.kubernetes.labels import DEADLINE, OPERATION, ROLLOUT_SECONDS


def with_deadline(wanted: JsonObject, live: JsonObject | None) -> JsonObject:
    """`wanted` with its deadline, which an operation that applies again does not put off."""
    annotations = annotations_of(wanted)
    seconds = annotations.get(ROLLOUT_SECONDS)
    if seconds is None:
        return wanted
    before = annotations_of(live or {})
    deadline = before.get(DEADLINE) if before.get(OPERATION) == annotations.get(OPERATION) else None
    if deadline is None:
        deadline = (datetime.now(UTC) + timedelta(seconds=int(seconds))).isoformat(timespec="seconds")
    return {**wanted, "metadata": {**metadata(wanted), "annotations": {**annotations, DEADLINE: deadline}}}
