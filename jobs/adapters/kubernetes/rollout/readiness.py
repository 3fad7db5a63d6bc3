"""Whether the pods of a service are ready, whichever operation has written what makes them."""

from jobs.adapters.kubernetes.api import Api
from jobs.adapters.kubernetes.kinds import DEPLOYMENT, POD, STATEFUL_SET
from jobs.adapters.kubernetes.labels import query
from jobs.adapters.kubernetes.objects import Found
from jobs.adapters.kubernetes.rollout.pods import worst
from jobs.adapters.kubernetes.rollout.verdict import progress_of
from jobs.ports import ServiceRef


def unreadiness(api: Api, service: ServiceRef) -> str | None:
    """How many pods are not ready and why; None: all are. A cron job's pods come and go."""
    asked = {"labelSelector": query(service.environment, service)}
    namespace = service.environment.namespace
    for kind in (DEPLOYMENT, STATEFUL_SET):
        for workload in (Found(kind, thing) for thing in api.items(kind.path(namespace), query=asked)):
            progress = progress_of(workload)
            if not progress.complete:
                trouble = worst(api.items(POD.path(namespace), query=asked))
                return f"{workload}: {progress.says}" + (f" ({trouble})" if trouble else "")
    return None
