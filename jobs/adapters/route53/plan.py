"""From what a zone holds and what it should hold to changes. Pure: nothing is asked and nothing done here.

A record that changes is deleted exactly as it was listed and created anew in the same batch, never upserted. Route53
refuses the batch as a whole when the record has moved meanwhile, so somebody else's change is never overwritten.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from jobs.adapters.route53.conflicts import refuse_conflicts
from jobs.adapters.route53.ownership import Claim, claims_of, twin_of
from jobs.adapters.route53.records import Key, RecordSet
from jobs.errors import Permanent


@dataclass(frozen=True)
class Change:
    action: Literal["CREATE", "DELETE"]
    record: RecordSet


#: Changes of one name. They stay in one batch, and a batch is done as a whole or not at all.
Unit = tuple[Change, ...]


@dataclass(frozen=True)
class Wanted:
    #: None where there is none and nobody asks for it now.
    record: RecordSet | None
    owners: frozenset[str]


def plan_publish(
    records: Sequence[RecordSet], environment: str, service: str, desired: Sequence[RecordSet], apexes: Collection[str]
) -> list[Unit]:
    """The changes after which the service has exactly the desired records. Raises Permanent where one can't be had."""
    _refuse_contradictions(desired)
    claims = claims_of(environment, records)
    wanted = _without(claims, service)
    for record in desired:
        wanted[record.key] = Wanted(record, _owners_after(wanted, record) | {service})
    twins = _twins(claims, wanted, environment, apexes)
    asked = {record.key for record in desired}
    refuse_conflicts(records, claims.values(), {key: twins[key] for key in asked}, twins)
    return _units(claims, wanted, twins)


def plan_withdraw(records: Sequence[RecordSet], environment: str, service: str | None) -> list[Unit]:
    """The changes after which nothing is left of the service, or of the whole environment."""
    claims = claims_of(environment, records)
    wanted = {} if service is None else _without(claims, service)
    return _units(claims, wanted, _twins(claims, wanted, environment, ()))


def _without(claims: Mapping[Key, Claim], service: str) -> dict[Key, Wanted]:
    return {
        key: Wanted(claim.record, claim.owners - {service}) for key, claim in claims.items() if claim.owners - {service}
    }


def _owners_after(wanted: dict[Key, Wanted], record: RecordSet) -> frozenset[str]:
    """Who shares the record from now on. Where it displaces others of its name (a CNAME stands alone), their owners
    come along."""
    owners = wanted[record.key].owners if record.key in wanted else frozenset[str]()
    for key in [key for key in wanted if _excludes(key, record.key)]:
        owners |= wanted.pop(key).owners
    return owners


def _excludes(one: Key, other: Key) -> bool:
    return one[0] == other[0] and one[1] != other[1] and "CNAME" in (one[1], other[1])


def _refuse_contradictions(desired: Sequence[RecordSet]) -> None:
    keys = [record.key for record in desired]
    for key in keys:
        if keys.count(key) > 1 or any(_excludes(key, other) for other in keys):
            raise Permanent(f"{key[1]} record {key[0]} can't be published: the service asks for two of that name")


def _twins(
    claims: Mapping[Key, Claim], wanted: Mapping[Key, Wanted], environment: str, apexes: Collection[str]
) -> dict[Key, RecordSet]:
    """The ownership records to be: where one is there, of the same name and with the same time to live."""
    twins: dict[Key, RecordSet] = {}
    for key, want in wanted.items():
        fresh = twin_of(key, environment, want.owners, apexes)
        there = claims[key].twin if key in claims else fresh
        twins[key] = RecordSet(there.name, "TXT", there.ttl, fresh.values)
    return twins


def _units(claims: Mapping[Key, Claim], wanted: Mapping[Key, Wanted], twins: Mapping[Key, RecordSet]) -> list[Unit]:
    """One unit a name, those that only delete first: their names may be needed."""
    changes: dict[str, list[Change]] = {}
    for key in sorted({*claims, *wanted}):
        claim, want = claims.get(key), wanted.get(key)
        pair = changes.setdefault(key[0], [])
        pair += _difference(claim and claim.record, want and want.record)
        pair += _difference(claim and claim.twin, twins.get(key))
    units = [tuple(sorted(pair, key=_deletes_first)) for pair in changes.values() if pair]
    return sorted(units, key=lambda unit: any(change.action == "CREATE" for change in unit))


def _difference(there: RecordSet | None, wanted: RecordSet | None) -> Iterable[Change]:
    if there is not None and wanted is not None and (there is wanted or there.same_as(wanted)):
        return
    if there is not None:
        yield Change("DELETE", there)
    if wanted is not None:
        yield Change("CREATE", wanted)


def _deletes_first(change: Change) -> bool:
    return change.action == "CREATE"
