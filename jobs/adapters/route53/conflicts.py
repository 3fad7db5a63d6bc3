"""Refusing what would touch, or could not stand beside, a record that is not ours. Pure."""

from collections.abc import Collection, Iterable, Mapping

from jobs.adapters.route53.ownership import Claim, claimed_key, owners_in
from jobs.adapters.route53.records import ADDRESS_TYPES, Key, RecordSet
from jobs.errors import Blocker, Permanent


def refuse_conflicts(
    records: Iterable[RecordSet],
    claims: Collection[Claim],
    asked: Mapping[Key, RecordSet],
    twins: Mapping[Key, RecordSet],
) -> None:
    """Raises Permanent for a record asked for (with its twin) that is in conflict with one of somebody else.

    `twins` are all that the environment will have: they take a name each, that no CNAME of ours can have too.
    """
    ours = {id(part) for claim in claims for part in (claim.record, claim.twin)}
    others: dict[str, list[RecordSet]] = {}
    for record in records:
        if id(record) not in ours:
            others.setdefault(record.name, []).append(record)
    twin_names = {twin.name for twin in twins.values()}
    for key, twin in asked.items():
        for other in others.get(key[0], ()):
            if _conflicts(key[1], other):
                raise _refusal(key, other, others)
        for other in others.get(twin.name, ()):
            if other.type in ("TXT", "CNAME"):
                raise _refusal(key, other, others)
        if (twin.name, "CNAME") in twins or (key[1] == "CNAME" and key[0] in twin_names):
            raise Permanent(
                f"{key[1]} record {key[0]} can't be published: a CNAME of this environment and an ownership record "
                f"would need the same name; choose another host"
            )


def _conflicts(kind: str, other: RecordSet) -> bool:
    # https://www.rfc-editor.org/rfc/rfc1034#section-3.6.2: a CNAME has no neighbour.
    return kind == "CNAME" or other.type in ADDRESS_TYPES


def _refusal(key: Key, other: RecordSet, others: Mapping[str, list[RecordSet]]) -> Permanent:
    name, kind = key
    reason = f"{other.type} record {other.name} is there already and is not this environment's{_owner(other, others)}"
    return Permanent(
        f"{kind} record {name} can't be published: {reason}. Remove it or choose another host.",
        blockers=[Blocker(f"{other.type} record", other.name, reason)],
    )


def _owner(other: RecordSet, others: Mapping[str, list[RecordSet]]) -> str:
    """Which environments of ours own it, where its twin says so."""
    candidates = (record for records in others.values() for record in records)
    for twin in candidates:
        owners = owners_in(twin)
        if owners and (twin is other or claimed_key(twin) == other.key):
            return f" but of environment {', '.join(sorted(owners))}"
    return ""
