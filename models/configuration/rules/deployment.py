"""How many pods run, and how they are replaced."""

from models.configuration.rules.finding import Finding, Findings, Subject, outside
from models.configuration.shape import Autoscaling
from models.vocabulary import ServiceKind

MAX_REPLICAS = 1000
MAX_TIMEOUT_SECONDS = 24 * 60 * 60
#: Of the request: a target above 100 scales only when pods use more than they asked for.
MAX_CPU_PERCENT = 1000
_REPLICAS = ("deployment", "replicas")
_AUTOSCALING = ("deployment", "autoscaling")
_VOLUMES = ("volumes",)
_ONE_POD = {
    ServiceKind.CRON_JOB: "A CRON_JOB runs one pod at each time of its schedule",
    ServiceKind.DATASOURCE: "A DATASOURCE is one pod with its own data",
}


def check_deployment(subject: Subject) -> Findings:
    deployment = subject.configuration.deployment
    yield from outside(("deployment", "timeoutSeconds"), deployment.timeout_seconds, 1, MAX_TIMEOUT_SECONDS)
    if subject.kind in _ONE_POD:
        yield from _check_one_pod(subject, _ONE_POD[subject.kind])
        return
    yield from outside(_REPLICAS, deployment.replicas, 0, MAX_REPLICAS)
    if deployment.autoscaling is not None:
        yield from _check_autoscaling(deployment.autoscaling, subject)
    yield from _check_shared_volumes(subject)


def _check_one_pod(subject: Subject, why: str) -> Findings:
    deployment = subject.configuration.deployment
    if deployment.replicas != 1:
        yield Finding(_REPLICAS, f"{why}: replicas must be 1, not {deployment.replicas}.")
    if deployment.autoscaling is not None:
        yield Finding(_AUTOSCALING, f"{why}: it has no autoscaling. Set it to null.")


def _check_autoscaling(autoscaling: Autoscaling, subject: Subject) -> Findings:
    """After `autoscaling/v2` validation; without a CPU request (by default the limit) it never acts."""
    least, most = autoscaling.min_replicas, autoscaling.max_replicas
    yield from outside((*_AUTOSCALING, "minReplicas"), least, 1, MAX_REPLICAS)
    yield from outside((*_AUTOSCALING, "maxReplicas"), most, 1, MAX_REPLICAS)
    yield from outside((*_AUTOSCALING, "targetCpuPercent"), autoscaling.target_cpu_percent, 1, MAX_CPU_PERCENT)
    if least > most:
        yield Finding((*_AUTOSCALING, "minReplicas"), f"minReplicas {least} is more than maxReplicas {most}.")
    resources = subject.configuration.resources
    if resources.cpu_request is None and resources.cpu_limit is None:
        yield Finding(
            _AUTOSCALING,
            "Autoscaling compares the CPU used with the CPU requested: set resources.cpuRequest.",
            (("resources", "cpuRequest"), ("resources", "cpuLimit")),
        )
    if subject.configuration.deployment.replicas == 0:
        yield Finding(
            _AUTOSCALING, "With replicas 0 autoscaling stands still: set replicas to 1 or more.", (_REPLICAS,)
        )


def _check_shared_volumes(subject: Subject) -> Findings:
    """Volumes are ReadWriteOnce: pods on two nodes can't mount one, and the second pod would never start."""
    configuration = subject.configuration
    if not configuration.volumes:
        return
    why = "A volume can be mounted on one node only, so pods of a service with volumes can't be many:"
    if configuration.deployment.replicas > 1:
        yield Finding(_REPLICAS, f"{why} set replicas to 1, or remove the volumes.", (_VOLUMES,))
    if configuration.deployment.autoscaling is not None:
        yield Finding(_AUTOSCALING, f"{why} remove the autoscaling or the volumes.", (_VOLUMES,))
