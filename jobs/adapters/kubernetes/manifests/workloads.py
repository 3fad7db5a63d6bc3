"""What makes the pods: a Deployment, a StatefulSet or a CronJob, by the kind of the service."""

from jobs.adapters.kubernetes.json import JsonObject, without_nothing
from jobs.adapters.kubernetes.kinds import CRON_JOB, DEPLOYMENT, STATEFUL_SET
from jobs.adapters.kubernetes.labels import ROLLOUT_SECONDS, selector, service_labels
from jobs.adapters.kubernetes.manifests.marking import marked
from jobs.adapters.kubernetes.manifests.pods import pod_template
from jobs.ports import Desired, ServiceRef
from models.configuration import ServiceConfiguration
from models.vocabulary import DeploymentStrategy, ServiceKind

#: Releases are kept in the database; these are for whoever looks with kubectl.
_REVISIONS_KEPT = 3
_RUNS_KEPT = 3


def workload(service: ServiceRef, desired: Desired) -> JsonObject:
    match service.kind:
        case ServiceKind.APPLICATION | ServiceKind.WORKER:
            return _deployment(service, desired)
        case ServiceKind.DATASOURCE:
            return _stateful_set(service, desired)
        case ServiceKind.CRON_JOB:
            return _cron_job(service, desired)


def _deployment(service: ServiceRef, desired: Desired) -> JsonObject:
    """With autoscaling the replicas are the autoscaler's, and said by nobody else."""
    deployment = desired.configuration.deployment
    spec = without_nothing(
        replicas=deployment.replicas if deployment.autoscaling is None else None,
        selector={"matchLabels": selector(service)},
        strategy=_strategy(desired.configuration),
        progressDeadlineSeconds=deployment.timeout_seconds,
        revisionHistoryLimit=_REVISIONS_KEPT,
        template=pod_template(service, desired, restart="Always"),
    )
    return marked(DEPLOYMENT, service, desired, {"spec": spec})


def _strategy(configuration: ServiceConfiguration) -> JsonObject:
    """A rollout keeps all old pods until new ones are ready, so that a failed one takes nothing away.

    A volume is mounted on one node only: there the new pod can't start before the old one is gone.
    """
    if configuration.volumes or configuration.deployment.strategy is DeploymentStrategy.RECREATE:
        return {"type": "Recreate"}
    return {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": "25%", "maxUnavailable": 0}}


def _stateful_set(service: ServiceRef, desired: Desired) -> JsonObject:
    """Parallel although there is one pod: else a pod that never gets ready keeps its correction from being rolled out.

    With one pod every strategy stops the old one before the new one starts.
    """
    deployment = desired.configuration.deployment
    spec = {
        "replicas": deployment.replicas,
        "serviceName": service.name,
        "selector": {"matchLabels": selector(service)},
        "podManagementPolicy": "Parallel",
        "updateStrategy": {"type": "RollingUpdate"},
        "revisionHistoryLimit": _REVISIONS_KEPT,
        "template": pod_template(service, desired, restart="Always"),
    }
    annotations = {ROLLOUT_SECONDS: str(deployment.timeout_seconds)}
    return marked(STATEFUL_SET, service, desired, {"spec": spec}, annotations=annotations)


def _cron_job(service: ServiceRef, desired: Desired) -> JsonObject:
    """The timeout ends a run that hangs, which would keep all later ones from starting."""
    schedule = desired.configuration.schedule
    if schedule is None:
        raise LookupError("only a CRON_JOB with a schedule can be accepted")
    spec = {
        "schedule": schedule.cron,
        "timeZone": schedule.time_zone,
        "concurrencyPolicy": "Forbid",
        "successfulJobsHistoryLimit": _RUNS_KEPT,
        "failedJobsHistoryLimit": _RUNS_KEPT,
        "jobTemplate": {
            "metadata": {"labels": service_labels(service)},
            "spec": {
                "activeDeadlineSeconds": desired.configuration.deployment.timeout_seconds,
                "template": pod_template(service, desired, restart="Never"),
            },
        },
    }
    return marked(CRON_JOB, service, desired, {"spec": spec})
