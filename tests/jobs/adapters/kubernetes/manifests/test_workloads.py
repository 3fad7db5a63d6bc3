"""Which workload a service becomes, and how its pods are replaced."""

import pytest

from jobs.adapters.kubernetes.json import JsonObject, annotations_of, labels_of
from jobs.adapters.kubernetes.labels import ROLLOUT_SECONDS, selector, service_labels
from models.configuration import Autoscaling, DeploymentSettings, Port, Schedule, Volume
from models.vocabulary import DeploymentStrategy, ServiceKind
from tests.jobs.adapters.kubernetes.desires import a_desire, a_service, objects_by_kind

_WORKLOADS = {"Deployment", "StatefulSet", "CronJob"}
_NIGHTLY = Schedule(cron="30 2 * * *", time_zone="Europe/Berlin")
_VOLUME = Volume(name="data", mount_path="/data", size_gib=1)


@pytest.mark.parametrize(
    ("kind", "workload"),
    [
        (ServiceKind.APPLICATION, "Deployment"),
        (ServiceKind.WORKER, "Deployment"),
        (ServiceKind.DATASOURCE, "StatefulSet"),
        (ServiceKind.CRON_JOB, "CronJob"),
    ],
)
def test_each_kind_of_service_is_one_kind_of_workload(kind: ServiceKind, workload: str) -> None:
    schedule = _NIGHTLY if kind is ServiceKind.CRON_JOB else None
    objects = objects_by_kind(a_service(kind), a_desire(schedule=schedule))
    assert objects.keys() & _WORKLOADS == {workload}
    assert objects[workload]["metadata"]["name"] == "web"


def test_a_deployment_has_replicas_selector_and_deadline() -> None:
    spec = _deployment(DeploymentSettings(replicas=4, timeout_seconds=90))
    assert spec["replicas"] == 4
    assert spec["selector"] == {"matchLabels": selector(a_service())}
    assert spec["progressDeadlineSeconds"] == 90
    assert spec["template"]["spec"]["restartPolicy"] == "Always"


def test_a_deployment_can_be_stopped() -> None:
    assert _deployment(DeploymentSettings(replicas=0))["replicas"] == 0


def test_the_replicas_of_an_autoscaled_service_are_nobodys_but_the_autoscalers() -> None:
    autoscaling = Autoscaling(min_replicas=2, max_replicas=5)
    assert "replicas" not in _deployment(DeploymentSettings(replicas=4, autoscaling=autoscaling))


def test_a_rolling_update_keeps_every_old_pod_until_a_new_one_is_ready() -> None:
    strategy = _deployment(DeploymentSettings(strategy=DeploymentStrategy.ROLLING))["strategy"]
    assert strategy == {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": "25%", "maxUnavailable": 0}}


def test_recreating_says_nothing_of_rolling() -> None:
    assert _deployment(DeploymentSettings(strategy=DeploymentStrategy.RECREATE))["strategy"] == {"type": "Recreate"}


def test_pods_with_a_volume_are_recreated_whatever_the_strategy() -> None:
    desired = a_desire(deployment=DeploymentSettings(strategy=DeploymentStrategy.ROLLING), volumes=[_VOLUME])
    assert objects_by_kind(a_service(), desired)["Deployment"]["spec"]["strategy"] == {"type": "Recreate"}


def test_a_stateful_set_has_one_pod_its_headless_service_and_a_deadline() -> None:
    desired = a_desire(deployment=DeploymentSettings(timeout_seconds=90), volumes=[_VOLUME])
    stateful_set = objects_by_kind(a_service(ServiceKind.DATASOURCE), desired)["StatefulSet"]
    spec = stateful_set["spec"]
    assert spec["replicas"] == 1
    assert spec["serviceName"] == "web"
    assert spec["selector"] == {"matchLabels": selector(a_service())}
    assert spec["updateStrategy"] == {"type": "RollingUpdate"}
    assert annotations_of(stateful_set)[ROLLOUT_SECONDS] == "90"
    assert "volumeClaimTemplates" not in spec


def test_a_stateful_set_replaces_a_pod_that_never_got_ready() -> None:
    """With OrderedReady the controller would wait for it for ever."""
    stateful_set = objects_by_kind(a_service(ServiceKind.DATASOURCE), a_desire())["StatefulSet"]
    assert stateful_set["spec"]["podManagementPolicy"] == "Parallel"


def test_a_cron_job_has_its_schedule_and_never_runs_twice_at_once() -> None:
    desired = a_desire(schedule=_NIGHTLY, deployment=DeploymentSettings(timeout_seconds=90))
    spec = objects_by_kind(a_service(ServiceKind.CRON_JOB), desired)["CronJob"]["spec"]
    assert (spec["schedule"], spec["timeZone"]) == ("30 2 * * *", "Europe/Berlin")
    assert spec["concurrencyPolicy"] == "Forbid"
    assert (spec["successfulJobsHistoryLimit"], spec["failedJobsHistoryLimit"]) == (3, 3)
    job = spec["jobTemplate"]
    assert labels_of(job) == service_labels(a_service())
    assert job["spec"]["activeDeadlineSeconds"] == 90
    assert job["spec"]["template"]["spec"]["restartPolicy"] == "Never"


def test_a_service_with_nothing_but_an_image_is_one_object() -> None:
    assert objects_by_kind(a_service(ServiceKind.WORKER), a_desire()).keys() == {"Deployment"}


def test_only_what_pods_run_changes_their_template() -> None:
    before, after = (
        _deployment(DeploymentSettings(replicas=replicas, timeout_seconds=replicas * 100), number=80)["template"]
        for replicas in (1, 3)
    )
    assert before == after
    assert before != _deployment(DeploymentSettings(), number=81)["template"]


def _deployment(deployment: DeploymentSettings, number: int = 80) -> JsonObject:
    desired = a_desire(deployment=deployment, networking={"ports": [Port(name="http", number=number)]})
    return objects_by_kind(a_service(), desired)["Deployment"]["spec"]
