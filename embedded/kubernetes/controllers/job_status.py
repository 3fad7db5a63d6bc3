"""What a Job says about its pods, and when it has failed."""

from dataclasses import dataclass

from embedded.kubernetes.conditions import stated
from embedded.kubernetes.controllers.children import active, is_ready
from embedded.kubernetes.objects import Object, moment_of, now, part, parts, timestamp, value_at


@dataclass(frozen=True)
class Tally:
    active: int
    succeeded: int
    failed: int
    #: How often containers were started again within their pods.
    restarts: int


def tally(job: Object, pods: list[Object]) -> Tally:
    """Pods that are gone still count: what the status once said is kept."""
    phases = [value_at(pod, "status", "phase") for pod in pods]
    before = part(job, "status")
    return Tally(
        len(active(pods)),
        max(phases.count("Succeeded"), before.get("succeeded", 0)),
        max(phases.count("Failed"), before.get("failed", 0)),
        sum(status["restartCount"] for pod in pods for status in _statuses(pod)),
    )


def failure_of(job: Object, count: Tally) -> tuple[str, str] | None:
    """Reason and message, if the job has failed."""
    spec, start = part(job, "spec"), part(job, "status").get("startTime")
    if count.failed + count.restarts > spec["backoffLimit"]:
        return "BackoffLimitExceeded", "Job has reached the specified backoff limit"
    deadline = spec.get("activeDeadlineSeconds")
    if deadline is None or not start or spec.get("suspend"):
        return None
    if (now() - moment_of(start)).total_seconds() < deadline:
        return None
    return "DeadlineExceeded", "Job was active longer than specified deadline"


def running_status(job: Object, count: Tally, running: list[Object]) -> Object:
    suspended = bool(part(job, "spec").get("suspend"))
    status: Object = {"ready": sum(map(is_ready, running)), "terminating": 0, "uncountedTerminatedPods": {}}
    if running:
        status["active"] = len(running)
    if not suspended:
        status["startTime"] = part(job, "status").get("startTime") or timestamp()
    if suspended or parts(job, "status", "conditions"):
        truth, reason = ("True", "JobSuspended") if suspended else ("False", "JobResumed")
        text = "Job suspended" if suspended else "Job resumed"
        status["conditions"] = [stated(job, "Suspended", truth, reason, text)]
    return status | _counts(count)


def ended_status(job: Object, count: Tally, failure: tuple[str, str] | None) -> Object:
    before = part(job, "status")
    status: Object = {"ready": 0, "terminating": 0, "uncountedTerminatedPods": {}}
    status["startTime"] = before.get("startTime") or timestamp()
    kinds = ("FailureTarget", "Failed") if failure else ("SuccessCriteriaMet", "Complete")
    reason, text = failure or ("CompletionsReached", "Reached expected number of succeeded pods")
    status["conditions"] = [stated(job, kind, "True", reason, text) for kind in kinds]
    if not failure:
        status["completionTime"] = timestamp()
    failed = count.failed + (count.active if failure else 0)
    return status | _counts(Tally(0, count.succeeded, failed, count.restarts))


def _counts(count: Tally) -> Object:
    counts = {"succeeded": count.succeeded, "failed": count.failed}
    return {name: number for name, number in counts.items() if number}


def _statuses(pod: Object) -> list[Object]:
    return [*parts(pod, "status", "initContainerStatuses"), *parts(pod, "status", "containerStatuses")]
