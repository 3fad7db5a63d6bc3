"""What of an environment's records is not as it should be. Pure."""

from collections.abc import Sequence

from jobs.adapters.route53.ownership import claims_of
from jobs.adapters.route53.records import Key, RecordSet


def ailments(records: Sequence[RecordSet], environment: str, wanted: Sequence[RecordSet]) -> dict[Key, str]:
    """By name and type. `records` is what the zones hold."""
    claims = claims_of(environment, records)
    there = {record.key for record in records}
    found: dict[Key, str] = {}
    for record in wanted:
        claim = claims.get(record.key)
        what = f"the DNS record of {record.name}"
        if claim is None and record.key in there:
            found[record.key] = f"{what} is not marked as ours any more"
        elif claim is None or claim.record is None:
            found[record.key] = f"{what} is missing"
        elif not claim.record.same_as(record):
            found[record.key] = f"{what} was changed: it leads to {_values(claim.record)} instead of {_values(record)}"
    return found


def _values(record: RecordSet) -> str:
    return ", ".join(value.rstrip(".") for value in record.values) or "an alias"
