"""Whether a rollout has ended, goes on, or will not end well.

When it fails:

- at once: the controller's own deadline (ProgressDeadlineExceeded), a refused pod (quota, policy), an image that the
  registry does not have or does not give, an image name that can't be;
- after the third crash of a container;
- for everything else that keeps a container from starting (an image that could not be pulled for another reason, a
  missing key of a ConfigMap) when its pod is older than `pods.SETTLED_SECONDS`: it may pass;
- when its time since we wrote the workload is over, whatever it waits for (a node with room, for example).
"""

from datetime import UTC, datetime, timedelta

from jobs.adapters.kubernetes.api import Api
from jobs.adapters.kubernetes.json import JsonObject, name_of
from jobs.adapters.kubernetes.kinds import CRON_JOB, DEPLOYMENT, POD, STATEFUL_SET, Kind
from jobs.adapters.kubernetes.labels import query
from jobs.adapters.kubernetes.objects import Found
from jobs.adapters.kubernetes.rollout.deployments import deployment_progress, pods_of_deployment
from jobs.adapters.kubernetes.rollout.diagnosis import describe, last_written, refused_creation, with_what_events_tell
from jobs.adapters.kubernetes.rollout.pods import Trouble, is_ready, worst
from jobs.adapters.kubernetes.rollout.progress import Progress
from jobs.adapters.kubernetes.rollout.stateful_sets import pods_of_stateful_set, stateful_set_progress
from jobs.errors import Blocker, NotYet, Overtaken, Permanent
from jobs.ports import Desired, ServiceRef

#: A trouble gets final with time, and nothing need move for it.
_SOON_SECONDS = 5.0
_LATER_SECONDS = 15.0


def check_rollout(api: Api, service: ServiceRef, desired: Desired) -> None:
    """See the port. A CronJob has nothing to roll out: it runs at its time."""
    for kind in (DEPLOYMENT, STATEFUL_SET, CRON_JOB):
        workload = _applied(api, kind, service, desired)
        if workload is not None:
            if kind is not CRON_JOB:
                _check(api, workload, service, desired.configuration.deployment.timeout_seconds)
            return
    raise Permanent(f"What runs service {service.name} was removed from the cluster after it was applied.")


def _applied(api: Api, kind: Kind, service: ServiceRef, desired: Desired) -> Found | None:
    """The service's workload of this kind that the operation wrote: one of another kind may wait for its removal."""
    path = kind.path(service.environment.namespace)
    things = api.items(path, query={"labelSelector": query(service.environment, service)})
    for workload in (Found(kind, thing) for thing in things):
        number = workload.written_by
        if number is not None and number > desired.fence:
            raise Overtaken(f"{workload} was written by operation {number}, which is newer than {desired.fence}.")
        if number == desired.fence:
            return workload
    return None


def _check(api: Api, workload: Found, service: ServiceRef, seconds: float) -> None:
    progress = progress_of(workload)
    if progress.complete:
        return
    namespace = service.environment.namespace
    pods = api.items(POD.path(namespace), query={"labelSelector": query(service.environment, service)})
    new = _pods_of(api, workload, pods, namespace) if progress.observed else []
    uids = {pod["metadata"]["uid"] for pod in new}
    serving = sum(1 for pod in pods if pod["metadata"]["uid"] not in uids and is_ready(pod))
    trouble = with_what_events_tell(api, namespace, worst(new))
    missing = workload.kind is STATEFUL_SET and progress.observed and len(new) < progress.total
    refused = refused_creation(api, namespace, workload) if missing else None
    reason = progress.failure or refused or _overdue(workload.thing, seconds)
    if reason or (trouble is not None and trouble.final):
        raise Permanent(_message(api, workload, namespace, reason, trouble, serving))
    blockers = [Blocker("Pod", trouble.pod, str(trouble))] if trouble else []
    waits = f" {trouble}." if trouble else ""
    raise NotYet(
        f"{workload}: {progress.says}.{waits}",
        blockers=blockers,
        done=progress.done,
        total=progress.total,
        look_again=_SOON_SECONDS if trouble else _LATER_SECONDS,
    )


def progress_of(workload: Found) -> Progress:
    """Of a Deployment or StatefulSet."""
    if workload.kind is DEPLOYMENT:
        return deployment_progress(workload.thing)
    return stateful_set_progress(workload.thing)


def _pods_of(api: Api, workload: Found, pods: list[JsonObject], namespace: str) -> list[JsonObject]:
    """The pods of the revision that is rolled out."""
    if workload.kind is DEPLOYMENT:
        return pods_of_deployment(api, workload.thing, pods, namespace)
    return pods_of_stateful_set(workload.thing, pods)


def _overdue(workload: JsonObject, seconds: float) -> str | None:
    """Why it has had its time."""
    written = last_written(workload)
    if written is None:
        return None
    deadline = datetime.fromisoformat(written) + timedelta(seconds=seconds)
    return f"It did not finish until {deadline:%H:%M:%S} UTC." if datetime.now(UTC) > deadline else None


def _message(
    api: Api, workload: Found, namespace: str, reason: str | None, trouble: Trouble | None, serving: int
) -> str:
    said = [f"{workload.kind.kind} {name_of(workload.thing)} was not rolled out."]
    if reason:
        said.append(reason)
    if trouble is not None:
        said.append(describe(api, namespace, trouble))
    if serving:
        said.append(f"The {serving} ready pods of the revision before keep serving.")
    return " ".join(said)
