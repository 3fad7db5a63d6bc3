"""Makes Jobs of CronJobs when their time has come."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from croniter import croniter

from embedded.kubernetes.cluster import Cluster
from embedded.kubernetes.conditions import is_true
from embedded.kubernetes.controllers.jobs import is_ended
from embedded.kubernetes.controllers.loop import Key, its_controller, itself
from embedded.kubernetes.history import Change
from embedded.kubernetes.objects import (
    Object,
    annotations_of,
    controller_of,
    copied,
    is_deleting,
    metadata,
    moment_of,
    name_of,
    namespace_of,
    now,
    owner_reference,
    part,
    timestamp,
    uid_of,
)

_CRON_JOBS, _JOBS = "cronjobs.batch", "jobs.batch"
_COMPONENT = "cronjob-controller"


class CronJobs:
    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster

    def concerned(self, change: Change) -> Iterable[Key]:
        if change.resource.name == _JOBS:
            return its_controller(change, self._cluster, _CRON_JOBS)
        return itself(change, _CRON_JOBS)

    def reconcile(self, key: Key) -> float | None:
        cron_job = self._cluster.store.get(_CRON_JOBS, *key)
        if cron_job is None or is_deleting(cron_job):
            return None
        jobs = self._jobs(cron_job)
        self._forget_history(cron_job, jobs)
        due = None if part(cron_job, "spec").get("suspend") else due_time(cron_job, now())
        if due is not None:
            self._fire(cron_job, jobs, due)
        self._tell(cron_job, self._jobs(cron_job), due)
        if part(cron_job, "spec").get("suspend"):
            return None
        return (next_time(cron_job, now()) - now()).total_seconds() + 0.01

    def _fire(self, cron_job: Object, jobs: list[Object], due: datetime) -> None:
        running = [job for job in jobs if not is_ended(job)]
        policy = part(cron_job, "spec")["concurrencyPolicy"]
        if running and policy == "Forbid":
            message = "Not starting job because prior execution is running and concurrency policy is Forbid"
            self._cluster.events.record(cron_job, "Normal", "JobAlreadyActive", message, _COMPONENT)
            return
        if running and policy == "Replace":
            for job in running:
                self._cluster.delete(_JOBS, job)
        name = f"{name_of(cron_job)}-{int(due.timestamp()) // 60}"
        if self._cluster.store.get(_JOBS, namespace_of(cron_job), name):
            return
        template = part(cron_job, "spec", "jobTemplate")
        own: Object = {
            "name": name,
            "labels": copied(part(template, "metadata", "labels")),
            "annotations": {
                **annotations_of(template),
                "batch.kubernetes.io/cronjob-scheduled-timestamp": timestamp(due),
            },
            "ownerReferences": [owner_reference(cron_job)],
        }
        job = {"metadata": own, "spec": copied(part(template, "spec"))}
        self._cluster.create(_JOBS, namespace_of(cron_job), job)
        self._cluster.events.record(cron_job, "Normal", "SuccessfulCreate", f"Created job {name}", _COMPONENT)

    def _tell(self, cron_job: Object, jobs: list[Object], due: datetime | None) -> None:
        status = {**part(cron_job, "status")}
        running = [job for job in jobs if not is_ended(job)]
        status["active"] = [
            {
                "apiVersion": job["apiVersion"],
                "kind": job["kind"],
                "namespace": namespace_of(job),
                "name": name_of(job),
                "uid": uid_of(job),
                "resourceVersion": metadata(job)["resourceVersion"],
            }
            for job in running
        ]
        if not running:
            del status["active"]
        if due is not None:
            status["lastScheduleTime"] = timestamp(due)
        ends = [part(job, "status").get("completionTime", "") for job in jobs if is_true(job, "Complete")]
        if ends:
            status["lastSuccessfulTime"] = max(ends)
        self._cluster.set_status(_CRON_JOBS, cron_job, status)

    def _forget_history(self, cron_job: Object, jobs: list[Object]) -> None:
        spec = part(cron_job, "spec")
        for kind, limit in (("Complete", "successfulJobsHistoryLimit"), ("Failed", "failedJobsHistoryLimit")):
            ended = [job for job in jobs if is_true(job, kind) and not is_deleting(job)]
            ended.sort(key=lambda job: metadata(job)["creationTimestamp"])
            for job in ended[: max(0, len(ended) - spec[limit])]:
                self._cluster.delete(_JOBS, job)

    def _jobs(self, cron_job: Object) -> list[Object]:
        jobs = self._cluster.store.all(_JOBS, namespace_of(cron_job))
        return [job for job in jobs if controller_of(job) == uid_of(cron_job)]


def due_time(cron_job: Object, moment: datetime) -> datetime | None:
    """The newest time of its schedule that has come and was not used; None if there is none, or it is too late."""
    spec = part(cron_job, "spec")
    start = part(cron_job, "status").get("lastScheduleTime") or metadata(cron_job)["creationTimestamp"]
    local = moment.astimezone(_zone(cron_job)) + timedelta(microseconds=1)
    latest: datetime = croniter(spec["schedule"], local).get_prev(datetime)
    if latest <= moment_of(start):
        return None
    deadline = spec.get("startingDeadlineSeconds")
    if deadline is not None and (moment - latest).total_seconds() > deadline:
        return None
    return latest


def next_time(cron_job: Object, moment: datetime) -> datetime:
    return croniter(part(cron_job, "spec")["schedule"], moment.astimezone(_zone(cron_job))).get_next(datetime)


def _zone(cron_job: Object) -> ZoneInfo:
    return ZoneInfo(part(cron_job, "spec").get("timeZone") or "UTC")
