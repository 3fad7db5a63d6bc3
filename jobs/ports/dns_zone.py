"""The port of the hosted zones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, Self

from jobs.ports.guard import Guard
from jobs.ports.subjects import EnvironmentRef, ServiceRef


@dataclass(frozen=True)
class DnsRecord:
    """A record set of ours, without its ownership twin."""

    name: str
    type: str
    values: tuple[str, ...]
    #: The ids of the services that it was published for, where a zone was asked.
    services: frozenset[str] = field(default=frozenset(), compare=False)


class DnsZone(Protocol):
    """The hosted zones of one account."""

    def under(self, guard: Guard) -> Self:
        """The same, which calls `guard` right before each request that changes something."""
        ...

    def publish(self, service: ServiceRef, records: Sequence[DnsRecord]) -> None:
        """Makes the service's records exactly these, each with its ownership TXT.

        Raises NotYet until the change is in sync, Permanent naming the record when one of that name is not ours or
        no hosted zone holds it.
        """
        ...

    def records(self, environment: EnvironmentRef, service_id: str | None = None) -> Sequence[DnsRecord]:
        """The records that are ours, by ownership TXT, ownership TXT records themselves included."""
        ...

    def ailments(self, environment: EnvironmentRef, records: Sequence[DnsRecord]) -> Mapping[DnsRecord, str]:
        """Those of these records that are missing or not as given, each with what is wrong in words. Only looks.

        Raises Permanent as `publish`.
        """
        ...

    def withdraw(self, environment: EnvironmentRef, service_id: str | None = None) -> None:
        """Removes our records and their ownership TXT, and nothing else. Raises NotYet until it is in sync."""
        ...
