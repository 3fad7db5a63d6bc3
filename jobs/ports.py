"""What a step may ask of the outside world. Adapters implement these protocols; plans and steps know only them.

Every call may raise `Transient` (try again later), `Permanent` (give up), or `NotYet` where its docstring says so;
nothing else leaves an adapter, but for what a guard raises. Every call is idempotent: doing it twice has the effect of
doing it once.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, Self

from jobs.errors import Blocker, Transient
from models.configuration import GitSource, ServiceConfiguration
from models.vocabulary import ObjectAction, ServiceKind


@dataclass(frozen=True)
class EnvironmentRef:
    """An environment, as the outside knows it. `id` tells ours from everybody else's; names never do."""

    id: str
    name: str
    project: str
    namespace: str
    domain: str | None
    #: The uid of the namespace if we created it, else None.
    namespace_uid: str | None = None


@dataclass(frozen=True)
class ServiceRef:
    environment: EnvironmentRef
    id: str
    name: str
    kind: ServiceKind


@dataclass(frozen=True)
class ObjectRef:
    """One object of the cluster, exactly: kind, name and uid."""

    api_version: str
    kind: str
    name: str
    uid: str
    service: str | None = None


@dataclass(frozen=True)
class Namespace:
    uid: str
    #: True when we created it: then, and only then, destroying the environment removes it.
    ours: bool


@dataclass(frozen=True)
class Desired:
    """What the cluster should run for a service."""

    configuration: ServiceConfiguration
    #: The image, by digest where it is known.
    image: str
    #: Secret variables in clear, by name. Goes into the Kubernetes Secret and nowhere else.
    secrets: Mapping[str, str]
    revision: int
    #: The operation's number in its environment: an object that carries a higher one is never written.
    fence: int


@dataclass(frozen=True)
class Built:
    """What a build pushed: the image by digest."""

    image: str
    log: str


@dataclass(frozen=True)
class Inventory:
    """What the cluster holds of an environment (or one of its services)."""

    #: Ours: they go.
    removals: Sequence[ObjectRef]
    #: In the namespace and not ours, or ours and kept by policy (volumes with RETAIN): they stay, with the reason.
    keeps: Sequence[tuple[ObjectRef, str]] = field(default=())


@dataclass(frozen=True)
class FieldChange:
    """A field and its values, None where it is not there. What a Secret holds is never shown."""

    path: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class ObjectChange:
    """What would become of an object. `fields` are given where it is changed."""

    action: ObjectAction
    kind: str
    name: str
    fields: Sequence[FieldChange] = ()


class PartlyKnown(Transient):
    """A part of the cluster's API did not answer: there may be more than what was `found`."""

    def __init__(self, message: str, blockers: Sequence[Blocker], found: Inventory) -> None:
        super().__init__(message, blockers=blockers)
        self.found = found


@dataclass(frozen=True)
class Leftover:
    """Something with our labels that belongs to no environment that we know."""

    environment_id: str
    namespace: str | None
    object: ObjectRef


@dataclass(frozen=True)
class LeftoverRemoval:
    """`removed` are deleted, or terminate already; `refused`: why the others can't be, by uid."""

    removed: Sequence[Leftover]
    refused: Mapping[str, str]


#: The ids of the environments that there are.
Known = Callable[[], Collection[str]]


#: Raises when its holder may no longer act.
Guard = Callable[[], None]


class Cluster(Protocol):
    """One Kubernetes cluster."""

    def under(self, guard: Guard) -> Self:
        """The same, which calls `guard` right before each request that changes something."""
        ...

    def ensure_namespace(self, environment: EnvironmentRef) -> Namespace:
        """Creates the namespace if it is missing, marked as this environment's.

        Raises NotYet while one of that name terminates, Permanent if another environment owns it.
        """
        ...

    def apply(self, service: ServiceRef, desired: Desired) -> Sequence[ObjectRef]:
        """Makes the service's objects what `desired` asks for and returns them; removes nothing.

        Raises Permanent naming the object when one of that name is not ours or what is asked can't be changed in
        place, Overtaken when a newer operation has written it, NotYet while an old one is still being deleted.
        """
        ...

    def preview(self, service: ServiceRef, desired: Desired) -> Sequence[ObjectChange]:
        """What `apply` and `prune` would change, and nothing else: the cluster is asked and stays as it is.

        Raises Permanent as `apply` does.
        """
        ...

    def ailments(self, service: ServiceRef, desired: Desired) -> Sequence[str]:
        """What of the service's objects and pods is not as `desired` asks, each in words; nothing: all is well.

        Only looks. Raises Permanent, with the object as its blocker when somebody else has one of that name.
        """
        ...

    def prune(self, service: ServiceRef, desired: Desired) -> Sequence[ObjectRef]:
        """Removes the service's objects that `desired` no longer asks for, volumes by their `on_delete`.

        Returns those that this call found and removed. Raises NotYet until they are gone.
        """
        ...

    def check_rollout(self, service: ServiceRef, desired: Desired) -> None:
        """Returns when what `apply` asked for runs. Raises NotYet while it progresses, and Permanent with pod,
        container, reason, log and events for a bad image, a crash loop, an exceeded quota or deadline."""
        ...

    def published_addresses(self, service: ServiceRef) -> Mapping[str, Sequence[str]]:
        """The addresses that the service's Ingresses publish, by hostname. Raises NotYet while one has none."""
        ...

    def fetch_source(self, service: ServiceRef, source: GitSource, revision: int, fence: int) -> str:
        """Starts the build Job of `revision` if it was not started; returns what was fetched when its source is there.

        Raises NotYet until then, and Permanent with the end of its log when it can't be fetched.
        """
        ...

    def build(self, service: ServiceRef, source: GitSource, revision: int, fence: int) -> Built:
        """Goes on with the build of `revision` and returns what it pushed.

        Raises NotYet while it runs and Permanent with the end of its log when it failed.
        """
        ...

    def cancel_build(self, service: ServiceRef, revision: int) -> None:
        """Stops and removes the build of `revision`; nothing happens when there is none."""
        ...

    def inventory(self, environment: EnvironmentRef, service: ServiceRef | None = None) -> Inventory:
        """Everything of the environment (or one service) in every deletable kind, looked up now.

        What an object of ours owns is not listed: it goes with its owner. Raises PartlyKnown when a part of the API
        could not be asked: absence is never assumed.
        """
        ...

    def remove_workloads(self, environment: EnvironmentRef, service: ServiceRef | None, fence: int) -> None:
        """Removes the pods and what makes them; for an environment, begins with its namespace where nothing in it
        must go before. Raises NotYet (with blockers) until the pods are gone, Overtaken when an operation with a
        higher number than `fence` has written one of them."""
        ...

    def remove_resources(self, environment: EnvironmentRef, service: ServiceRef | None, fence: int) -> None:
        """Removes everything else of ours in the namespace, but for volumes to be kept.

        Raises NotYet (with blockers) until it is gone, Overtaken as `remove_workloads`.
        """
        ...

    def remove_namespace(self, environment: EnvironmentRef, fence: int) -> str | None:
        """Removes the namespace if it is ours, by uid, and nothing in it is somebody else's.

        Returns why it stays, None when it is gone. Raises NotYet (with its conditions and finalizers as blockers)
        until then.
        """
        ...

    def leftovers(self, known: Known) -> Sequence[Leftover]:
        """What carries our labels in the whole cluster and is of none of the `known` environments, by id.

        `known` is asked after the look, so that it knows whatever has made what was seen.
        """
        ...

    def remove_leftovers(self, known: Known, uids: Collection[str]) -> LeftoverRemoval:
        """Looks for leftovers again and deletes those with these uids, and nothing else. Awaits none of them."""
        ...

    def watch(self, changed: Callable[[str, str | None], None], stopped: Callable[[], bool]) -> None:
        """Calls `changed(environment id, service id)` whenever an object of ours moves, until `stopped()`.

        Blocks; survives disconnects; after each reconnect calls `changed("", None)`: anything may have moved.
        """
        ...


@dataclass(frozen=True)
class DnsRecord:
    """A record set of ours, without its ownership twin."""

    name: str
    type: str
    values: tuple[str, ...]


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

    def withdraw(self, environment: EnvironmentRef, service_id: str | None = None) -> None:
        """Removes our records and their ownership TXT, and nothing else. Raises NotYet until it is in sync."""
        ...


class SecretStore(Protocol):
    """The secret store of one account. A service has at most one secret there: a JSON object of its variables."""

    def under(self, guard: Guard) -> Self:
        """The same, which calls `guard` right before each request that changes something."""
        ...

    def put(self, service: ServiceRef, values: Mapping[str, str], fence: int) -> None:
        """Makes the service's secret these values (none: removes it). Restores it first if its deletion is scheduled.

        Raises Permanent when a secret of that name is not ours, Overtaken when a newer operation has written it.
        """
        ...

    def names(self, environment: EnvironmentRef, service_id: str | None = None) -> Sequence[str]:
        """The names of our secrets that are not deleted or scheduled for deletion."""
        ...

    def remove(self, environment: EnvironmentRef, service_id: str | None = None) -> None:
        """Deletes our secrets by the policy set (recovery window or at once). Raises NotYet until none is left."""
        ...


@dataclass(frozen=True)
class Record:
    """A workflow or a release: `kind` is Workflow or Release."""

    kind: str
    name: str
    service: str | None


class Records(Protocol):
    """What the database keeps of the operation's environment or service. Every write is under the lease."""

    def keep_namespace(self, uid: str) -> None:
        """Remembers that we created the namespace."""
        ...

    def start_release(self, image: str) -> None:
        """Records that the operation's revision is being rolled out with this image."""
        ...

    def history(self) -> Sequence[Record]:
        """The workflows and releases there are."""
        ...

    def remove_history(self) -> int:
        """Removes the workflows and releases; returns how many there were."""
        ...


@dataclass(frozen=True)
class Ports:
    """What the steps of one operation may use: its environment's cluster, the zones, the secret store."""

    cluster: Cluster
    dns: DnsZone
    secrets: SecretStore
    #: The address that hostnames point to, where it is configured for the cluster rather than published by its Ingress.
    ingress_address: str | None = None
