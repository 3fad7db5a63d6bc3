"""Pods and what makes them."""

from jobs.adapters.kubernetes.api import Api
from jobs.adapters.kubernetes.kinds import JOB, POD, REPLICA_SET, WORKLOADS, Kind
from jobs.adapters.kubernetes.labels import query
from jobs.adapters.kubernetes.objects import Found
from jobs.adapters.kubernetes.removal.deleting import delete_each, delete_labelled, require_not_overtaken
from jobs.adapters.kubernetes.removal.namespace import begin_with_namespace
from jobs.adapters.kubernetes.removal.waiting import require_gone
from jobs.adapters.kubernetes.survey import survey
from jobs.ports import EnvironmentRef, ServiceRef

#: Made by others of these: once those are gone nobody makes them again.
_MADE = (REPLICA_SET, POD)


def remove_workloads(
    api: Api, environment: EnvironmentRef, service: ServiceRef | None, fence: int, builds: str
) -> None:
    """See the port. `builds` is the namespace that the builds of all environments run in."""
    selector = query(environment, service)
    building = _Workloads(api, (JOB, POD), builds, selector)
    running = _Workloads(api, WORKLOADS, environment.namespace, selector)
    require_not_overtaken([*building.found, *running.found], fence)
    if service is None and any(one.terminates_at is None for one in running.found):
        begin_with_namespace(api, environment, fence)
    building.delete(fence)
    running.delete(fence)
    require_gone([*building.left(), *running.left()])


class _Workloads:
    """Those of one namespace."""

    def __init__(self, api: Api, kinds: tuple[Kind, ...], namespace: str, selector: str) -> None:
        self._api = api
        self._namespace = namespace
        self._selector = selector
        self.found = self._list(kinds)

    def delete(self, fence: int) -> None:
        """What makes pods goes before the pods: they would be made again.

        Pods and ReplicaSets go by label, all in one call: garbage collection takes its time.
        """
        delete_each(self._api, [one for one in self.found if one.kind not in _MADE], fence)
        for kind in _MADE:
            if any(one.kind == kind and one.terminates_at is None for one in self.found):
                delete_labelled(self._api, kind, self._namespace, self._selector)

    def left(self) -> tuple[Found, ...]:
        """What is still there, and what was made meanwhile. Asks again only if something was deleted in this look."""
        if all(one.terminates_at is not None for one in self.found):
            return self.found
        seen = {one.kind for one in self.found}
        return self._list(tuple(kind for kind in WORKLOADS if kind in seen or kind in _MADE))

    def _list(self, kinds: tuple[Kind, ...]) -> tuple[Found, ...]:
        there = survey(self._api, kinds, self._namespace, self._selector)
        there.require_complete()
        return there.found
