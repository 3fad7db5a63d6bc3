"""The port `Cluster` over a Kubernetes API server."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Self

from jobs.adapters.kubernetes.addresses import published_addresses
from jobs.adapters.kubernetes.ailments import ailments
from jobs.adapters.kubernetes.api import Api
from jobs.adapters.kubernetes.apply import apply, preview, prune
from jobs.adapters.kubernetes.builds import Builds
from jobs.adapters.kubernetes.ensure_namespace import ensure_namespace
from jobs.adapters.kubernetes.inventory import inventory
from jobs.adapters.kubernetes.leftovers import leftovers, remove_leftovers
from jobs.adapters.kubernetes.manifests import BuildSettings
from jobs.adapters.kubernetes.removal import remove_namespace, remove_resources, remove_workloads
from jobs.adapters.kubernetes.rollout import check_rollout
from jobs.adapters.kubernetes.watching import watch
from jobs.ports import (
    Applied,
    Built,
    Desired,
    EnvironmentRef,
    Guard,
    Inventory,
    Known,
    Leftover,
    LeftoverRemoval,
    Namespace,
    ObjectChange,
    ObjectRef,
    ServiceRef,
)
from models.configuration import GitSource


class KubernetesCluster:
    """Safe to use from several threads: it keeps nothing but its connections."""

    def __init__(self, api: Api, builds: BuildSettings) -> None:
        self._api = api
        self._build_settings = builds
        self._builds = Builds(api, builds)
        self._build_namespace = builds.namespace

    def under(self, guard: Guard) -> Self:
        return type(self)(self._api.under(guard), self._build_settings)

    def ensure_namespace(self, environment: EnvironmentRef) -> Namespace:
        return ensure_namespace(self._api, environment)

    def apply(self, service: ServiceRef, desired: Desired) -> Applied:
        return apply(self._api, service, desired)

    def preview(self, service: ServiceRef, desired: Desired) -> Sequence[ObjectChange]:
        return preview(self._api, service, desired)

    def ailments(self, service: ServiceRef, desired: Desired) -> Sequence[str]:
        return ailments(self._api, service, desired)

    def prune(self, service: ServiceRef, desired: Desired) -> Sequence[ObjectRef]:
        return prune(self._api, service, desired)

    def published_addresses(self, service: ServiceRef) -> Mapping[str, Sequence[str]]:
        return published_addresses(self._api, service)

    def fetch_source(self, service: ServiceRef, source: GitSource, revision: int, fence: int) -> str:
        return self._builds.fetch_source(service, source, revision, fence)

    def build(self, service: ServiceRef, source: GitSource, revision: int, fence: int) -> Built:
        return self._builds.build(service, source, revision, fence)

    def cancel_build(self, service: ServiceRef, revision: int) -> None:
        self._builds.cancel_build(service, revision)

    def check_rollout(self, service: ServiceRef, desired: Desired) -> None:
        check_rollout(self._api, service, desired)

    def inventory(self, environment: EnvironmentRef, service: ServiceRef | None = None) -> Inventory:
        return inventory(self._api, environment, service, self._build_namespace)

    def remove_workloads(self, environment: EnvironmentRef, service: ServiceRef | None, fence: int) -> None:
        remove_workloads(self._api, environment, service, fence, self._build_namespace)

    def remove_resources(self, environment: EnvironmentRef, service: ServiceRef | None, fence: int) -> None:
        remove_resources(self._api, environment, service, fence)

    def remove_namespace(self, environment: EnvironmentRef, fence: int) -> str | None:
        return remove_namespace(self._api, environment, fence)

    def leftovers(self, known: Known) -> Sequence[Leftover]:
        return leftovers(self._api, known)

    def remove_leftovers(self, known: Known, uids: Collection[str]) -> LeftoverRemoval:
        return remove_leftovers(self._api, known, uids)

    def watch(self, changed: Callable[[str, str | None], None], stopped: Callable[[], bool]) -> None:
        watch(self._api, changed, stopped)
