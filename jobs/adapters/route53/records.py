"""Record sets in one normal form, so that they can be compared."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from typing import Any

from jobs.errors import Permanent
from jobs.ports import DnsRecord

TTL_SECONDS = 60
ADDRESS_TYPES = ("A", "AAAA", "CNAME")
#: Route53 lists what is neither letter, digit, hyphen nor underscore as three octal digits:
#: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DomainNameFormat.html
ESCAPE = re.compile(r"\\([0-7]{3})")

Key = tuple[str, str]


@dataclass(frozen=True)
class RecordSet:
    #: In lower case, without escapes and without the dot at the end.
    name: str
    type: str
    ttl: int | None
    values: tuple[str, ...]
    #: One of several of this name and type, told apart by routing policy.
    routed: bool = False
    alias: bool = False
    #: As listed: a DELETE must repeat it exactly.
    listed: Mapping[str, Any] | None = field(default=None, compare=False)

    @property
    def key(self) -> Key:
        return self.name, self.type

    def request(self) -> Mapping[str, Any]:
        if self.listed is not None:
            return self.listed
        values = [{"Value": value} for value in self.values]
        return {"Name": f"{self.name}.", "Type": self.type, "TTL": self.ttl, "ResourceRecords": values}

    def same_as(self, other: "RecordSet") -> bool:
        """Whether resolvers would see no difference: values have no order, and names end with or without a dot."""
        plain = not (self.alias or self.routed or other.alias or other.routed)
        return plain and (self.key, self.ttl, _compared(self)) == (other.key, other.ttl, _compared(other))


def normal(name: str) -> str:
    """A name as it is compared: `\\052.Example.com.` is `*.example.com`."""
    return ESCAPE.sub(lambda match: chr(int(match[1], 8)), name).rstrip(".").lower()


def within(name: str, domain: str) -> bool:
    """Whether a name is the domain or below it, label by label. Both are in normal form."""
    return name == domain or name.endswith(f".{domain}")


def from_listing(listed: Mapping[str, Any]) -> RecordSet:
    values = tuple(entry["Value"] for entry in listed.get("ResourceRecords", ()))
    return RecordSet(
        name=normal(listed["Name"]),
        type=listed["Type"],
        ttl=listed.get("TTL"),
        values=values,
        routed="SetIdentifier" in listed,
        alias="AliasTarget" in listed,
        listed=listed,
    )


def from_desired(record: DnsRecord) -> RecordSet:
    """The record set for a record asked for. Raises Permanent when DNS could not hold it."""
    name = normal(record.name)
    try:
        values = tuple(sorted({_checked(record.type, value) for value in record.values}))
    except (AddressValueError, ValueError) as problem:
        raise Permanent(f"{record.type} record {name} can't be published: {problem}") from None
    if not values or (record.type == "CNAME" and len(values) > 1):
        raise Permanent(f"{record.type} record {name} can't be published: it has {len(values)} values")
    return RecordSet(name, record.type, TTL_SECONDS, values)


def _checked(type_: str, value: str) -> str:
    if type_ == "A":
        return str(IPv4Address(value))
    if type_ == "AAAA":
        return str(IPv6Address(value))
    if type_ == "CNAME" and normal(value):
        return f"{normal(value)}."
    raise ValueError(f"{value!r} is no target for it")


def _compared(record: RecordSet) -> frozenset[str]:
    if record.type == "TXT":
        return frozenset(record.values)
    if record.type == "AAAA":
        return frozenset(_compressed(value) for value in record.values)
    return frozenset(normal(value) for value in record.values)


def _compressed(address: str) -> str:
    try:
        return str(IPv6Address(address))
    except AddressValueError:
        return address
