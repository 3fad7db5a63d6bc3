"""The port of a Kubernetes cluster."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, Self

from jobs.ports.guard import Guard
from jobs.ports.leftovers import Known, Leftover, LeftoverRemoval
from jobs.ports.objects import Applied, Inventory, ObjectChange, ObjectRef
from jobs.ports.subjects import EnvironmentRef, ServiceRef
from models.configuration import GitSource, ServiceConfiguration


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

    def apply(self, service: ServiceRef, desired: Desired) -> Applied:
        """Makes the service's objects what `desired` asks for and returns them; removes nothing.

        A volume that was kept when a service of the same name was removed from the environment is used again. Raises
        Permanent naming the object when one of that name is not ours or what is asked can't be changed in
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

        What names another installation is a matter of that one. What names none, as older versions have made it, is
        listed. The environments are asked for after the look, so that they include whatever has made what was seen.
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
