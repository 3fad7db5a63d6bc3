"""What tells our records from everybody else's: a TXT record beside each, its twin.

The layout is that of external-dns since 0.18 (https://kubernetes-sigs.github.io/external-dns/latest/docs/registry/txt/):
the type of the record stands before its first label, so `cname-web.example.com` owns the CNAME `web.example.com`.
Services of one environment may share a host (with other paths): the twin has a value for each of them.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote, unquote

from jobs.adapters.route53.records import ADDRESS_TYPES, TTL_SECONDS, Key, RecordSet
from jobs.errors import Permanent

#: Stands for the missing first label where a record has the name of its zone or domain: a twin may lie in no other.
APEX = "_apex"
LONGEST_LABEL = 63
LONGEST_NAME = 253

TWIN = re.compile(rf"({'|'.join(kind.lower() for kind in ADDRESS_TYPES)})-(.+)")
VALUE = re.compile(r'"heritage=phaseline,phaseline/environment=([^,"]+),phaseline/service=([^,"]+)"')


@dataclass(frozen=True)
class Claim:
    """What an environment holds at a name and type."""

    #: None when somebody removed it and left the twin.
    record: RecordSet | None
    twin: RecordSet
    #: The ids of the services that asked for it.
    owners: frozenset[str]


def twin_of(key: Key, environment: str, owners: Iterable[str], apexes: Iterable[str]) -> RecordSet:
    """The ownership record for a record. `apexes` are the names of its zone and of its environment's domain."""
    name, kind = key
    place = f"{APEX}.{name}" if name in apexes else name
    twin = f"{kind.lower()}-{place}"
    if len(twin.partition(".")[0]) > LONGEST_LABEL or len(twin) > LONGEST_NAME:
        raise Permanent(f"{kind} record {name} can't be published: its ownership record {twin} would be too long")
    values = tuple(sorted(_value(environment, owner) for owner in owners))
    return RecordSet(twin, "TXT", TTL_SECONDS, values)


def claimed_key(twin: RecordSet) -> Key | None:
    """The name and type of the record that a TXT record of this name would own."""
    match = TWIN.fullmatch(twin.name)
    if twin.type != "TXT" or twin.routed or match is None:
        return None
    return match[2].removeprefix(f"{APEX}."), match[1].upper()


def owners_in(twin: RecordSet) -> Mapping[str, frozenset[str]]:
    """The services by environment that a TXT record names; nothing if one of its values is not of our making."""
    owners: dict[str, frozenset[str]] = {}
    for value in twin.values:
        match = VALUE.fullmatch(value)
        if match is None:
            return {}
        environment = unquote(match[1])
        owners[environment] = owners.get(environment, frozenset()) | {unquote(match[2])}
    return owners


def claims_of(environment: str, records: Iterable[RecordSet]) -> dict[Key, Claim]:
    """What is the environment's, exactly, among a zone's records."""
    records = list(records)
    plain = {record.key: record for record in records if not record.routed}
    claims: dict[Key, Claim] = {}
    for twin in records:
        key = claimed_key(twin)
        owners = owners_in(twin)
        if key is not None and set(owners) == {environment}:
            claims[key] = Claim(plain.get(key), twin, owners[environment])
    return claims


def _value(environment: str, service: str) -> str:
    return f'"heritage=phaseline,phaseline/environment={quote(environment)},phaseline/service={quote(service)}"'
