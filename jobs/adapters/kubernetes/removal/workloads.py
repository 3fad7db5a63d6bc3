"""Pods and what makes them."""

from jobs.adapters.kubernetes.api import Api
from jobs.adapters.kubernetes.kinds import POD, REPLICA_SET, WORKLOADS
from jobs.adapters.kubernetes.labels import query
from jobs.adapters.kubernetes.removal.deleting import delete_each, delete_labelled, require_not_overtaken
from jobs.adapters.kubernetes.removal.namespace import begin_with_namespace
from jobs.adapters.kubernetes.removal.waiting import require_gone
from jobs.adapters.kubernetes.survey import survey
from jobs.ports import EnvironmentRef, ServiceRef

#: Made by others of these: once those are gone nobody makes them again.
_MADE = (REPLICA_SET, POD)


def remove_workloads(api: Api, environment: EnvironmentRef, service: ServiceRef | None, fence: int) -> None:
    """See the port. What makes pods goes before the pods: they would be made again.

    Pods and ReplicaSets go by label, all in one call: garbage collection takes its time.
    """
    selector = query(environment, service)
    there = survey(api, WORKLOADS, environment.namespace, selector)
    there.require_complete()
    require_not_overtaken(there.found, fence)
    makers = [one for one in there.found if one.kind not in _MADE]
    if service is None and any(one.terminates_at is None for one in there.found):
        begin_with_namespace(api, environment)
    delete_each(api, makers)
    for kind in _MADE:
        if any(one.kind == kind and one.terminates_at is None for one in there.found):
            delete_labelled(api, kind, environment.namespace, selector)
    seen = {one.kind for one in there.found}
    left = survey(api, [kind for kind in WORKLOADS if kind in seen or kind in _MADE], environment.namespace, selector)
    left.require_complete()
    require_gone(left.found)
