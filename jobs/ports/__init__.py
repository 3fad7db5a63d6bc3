"""What a step may ask of the outside world. Adapters implement these protocols; plans and steps know only them.

Every call may raise `Transient` (try again later), `Permanent` (give up), or `NotYet` where its docstring says so;
nothing else leaves an adapter, but for what a guard raises. Every call is idempotent: doing it twice has the effect of
doing it once.
"""

from dataclasses import dataclass

from jobs.ports.cluster import Built, Cluster, Desired, Namespace
from jobs.ports.dns_zone import DnsRecord, DnsZone
from jobs.ports.guard import Guard
from jobs.ports.leftovers import Known, Leftover, LeftoverRemoval
from jobs.ports.objects import Applied, FieldChange, Inventory, ObjectChange, ObjectRef, PartlyKnown
from jobs.ports.records import Record, Records
from jobs.ports.secret_store import SecretStore
from jobs.ports.subjects import EnvironmentRef, ServiceRef

__all__ = [
    "Applied",
    "Built",
    "Cluster",
    "Desired",
    "DnsRecord",
    "DnsZone",
    "EnvironmentRef",
    "FieldChange",
    "Guard",
    "Inventory",
    "Known",
    "Leftover",
    "LeftoverRemoval",
    "Namespace",
    "ObjectChange",
    "ObjectRef",
    "PartlyKnown",
    "Ports",
    "Record",
    "Records",
    "SecretStore",
    "ServiceRef",
]


@dataclass(frozen=True)
class Ports:
    """What the steps of one operation may use: its environment's cluster, the zones, the secret store."""

    cluster: Cluster
    dns: DnsZone
    secrets: SecretStore
    #: The address that hostnames point to, where it is configured for the cluster rather than published by its Ingress.
    ingress_address: str | None = None
