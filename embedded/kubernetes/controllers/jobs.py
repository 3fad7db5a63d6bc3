"""Runs Jobs: as many pods at a time as they want, until enough have succeeded or too many have failed."""

from collections.abc import Iterable

from embedded.kubernetes.cluster import Cluster
from embedded.kubernetes.conditions import is_true
from embedded.kubernetes.controllers.children import BURST, active, children, pod_of
from embedded.kubernetes.controllers.job_status import Tally, ended_status, failure_of, running_status, tally
from embedded.kubernetes.controllers.loop import RETRY_SECONDS, Key, its_controller, itself
from embedded.kubernetes.errors import ApiError
from embedded.kubernetes.history import Change
from embedded.kubernetes.objects import (
    Object,
    is_deleting,
    moment_of,
    name_of,
    namespace_of,
    now,
    part,
    parts,
    value_at,
)

_JOBS = "jobs.batch"
_COMPONENT = "job-controller"


class Jobs:
    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster

    def concerned(self, change: Change) -> Iterable[Key]:
        if change.resource.name == "pods":
            return its_controller(change, self._cluster, _JOBS)
        return itself(change, _JOBS)

    def reconcile(self, key: Key) -> float | None:
        job = self._cluster.store.get(_JOBS, *key)
        if job is None or is_deleting(job):
            return None
        if is_ended(job):
            return self._expire(job)
        pods = children(self._cluster, "pods", job)
        count = tally(job, pods)
        if failure := failure_of(job, count):
            self._end(job, pods, count, failure)
            return self._expire(job)
        if count.succeeded >= _completions(job, count):
            self._end(job, pods, count, None)
            return self._expire(job)
        seconds = self._run(job, pods, count)
        return min((one for one in (seconds, _deadline(job)) if one is not None), default=None)

    def _run(self, job: Object, pods: list[Object], count: Tally) -> float | None:
        """Starts the pods that are lacking. Returns the seconds until a failed one may be tried again."""
        running = active(pods)
        if part(job, "spec").get("suspend"):
            for pod in running:
                self._cluster.delete("pods", pod)
            self._cluster.set_status(_JOBS, job, running_status(job, count, []))
            return None
        completions = part(job, "spec").get("completions")
        left = part(job, "spec")["parallelism"]
        if completions is not None:
            left = min(left, completions - count.succeeded)
        elif count.succeeded:
            left = 0
        pause = self._pause(pods) if left > len(running) else 0.0
        if not pause:
            for _ in range(min(left - len(running), BURST)):
                try:
                    running.append(self._start(job))
                except ApiError as refusal:
                    message = f"Error creating: {refusal}"
                    self._cluster.events.record(job, "Warning", "FailedCreate", message, _COMPONENT)
                    pause = RETRY_SECONDS
                    break
        self._cluster.set_status(_JOBS, job, running_status(job, count, running))
        return pause or None

    def _start(self, job: Object) -> Object:
        pod = self._cluster.create("pods", namespace_of(job), pod_of(job, part(job, "spec", "template")))
        self._cluster.events.record(job, "Normal", "SuccessfulCreate", f"Created pod: {name_of(pod)}", _COMPONENT)
        return pod

    def _pause(self, pods: list[Object]) -> float:
        """After failures the next try waits, each time twice as long."""
        ends = [end for pod in pods if value_at(pod, "status", "phase") == "Failed" and (end := _ended(pod))]
        if not ends:
            return 0.0
        timing = self._cluster.timing
        pause = min(timing.restart * 2 ** (len(ends) - 1), timing.longest_restart)
        return max(0.0, pause - (now() - moment_of(max(ends))).total_seconds())

    def _end(self, job: Object, pods: list[Object], count: Tally, failure: tuple[str, str] | None) -> None:
        for pod in active(pods):
            self._cluster.delete("pods", pod)
        self._cluster.set_status(_JOBS, job, ended_status(job, count, failure))
        if failure:
            self._cluster.events.record(job, "Warning", failure[0], failure[1], _COMPONENT)
        else:
            self._cluster.events.record(job, "Normal", "Completed", "Job completed", _COMPONENT)

    def _expire(self, job: Object) -> float | None:
        """Deletes it `ttlSecondsAfterFinished` after its end."""
        job = self._cluster.store.get(_JOBS, namespace_of(job), name_of(job)) or job
        seconds = part(job, "spec").get("ttlSecondsAfterFinished")
        if seconds is None:
            return None
        ends = [one["lastTransitionTime"] for one in part(job, "status")["conditions"]]
        left = seconds - (now() - moment_of(max(ends))).total_seconds()
        if left > 0:
            return left
        self._cluster.delete(_JOBS, job, "Foreground")
        return None


def is_ended(job: Object) -> bool:
    return is_true(job, "Complete") or is_true(job, "Failed")


def _completions(job: Object, count: Tally) -> int:
    """Without a number of completions, one that succeeded is enough once no other runs."""
    completions = part(job, "spec").get("completions")
    return completions if completions is not None else 1 + count.active


def _deadline(job: Object) -> float | None:
    """The seconds until `activeDeadlineSeconds` is over."""
    seconds, start = part(job, "spec").get("activeDeadlineSeconds"), part(job, "status").get("startTime")
    if seconds is None or part(job, "spec").get("suspend"):
        return None
    passed = (now() - moment_of(start)).total_seconds() if start else 0.0
    return max(0.0, seconds - passed)


def _ended(pod: Object) -> str:
    """When the first of its containers ended; empty if none has."""
    statuses = [*parts(pod, "status", "initContainerStatuses"), *parts(pod, "status", "containerStatuses")]
    return max((value_at(one, "state", "terminated", "finishedAt") or "" for one in statuses), default="")
