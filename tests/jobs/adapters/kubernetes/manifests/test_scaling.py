"""Autoscalers and disruption budgets."""

import pytest

from jobs.adapters.kubernetes.labels import selector
from models.configuration import Autoscaling, DeploymentSettings, Schedule
from models.vocabulary import ServiceKind
from tests.jobs.adapters.kubernetes.desires import a_desire, a_service, objects_by_kind


def test_an_autoscaler_scales_the_deployment_by_its_cpu() -> None:
    autoscaling = Autoscaling(min_replicas=2, max_replicas=7, target_cpu_percent=65)
    objects = objects_by_kind(a_service(), a_desire(deployment=DeploymentSettings(autoscaling=autoscaling)))
    target = {"type": "Utilization", "averageUtilization": 65}
    assert objects["HorizontalPodAutoscaler"]["apiVersion"] == "autoscaling/v2"
    assert objects["HorizontalPodAutoscaler"]["spec"] == {
        "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"},
        "minReplicas": 2,
        "maxReplicas": 7,
        "metrics": [{"type": "Resource", "resource": {"name": "cpu", "target": target}}],
    }


def test_without_autoscaling_there_is_no_autoscaler() -> None:
    objects = objects_by_kind(a_service(), a_desire(deployment=DeploymentSettings(replicas=3)))
    assert "HorizontalPodAutoscaler" not in objects


def test_a_drain_takes_one_of_several_pods_at_a_time_and_any_that_is_broken() -> None:
    objects = objects_by_kind(a_service(), a_desire(deployment=DeploymentSettings(replicas=2)))
    assert objects["PodDisruptionBudget"]["spec"] == {
        "selector": {"matchLabels": selector(a_service())},
        "maxUnavailable": 1,
        "unhealthyPodEvictionPolicy": "AlwaysAllow",
    }


@pytest.mark.parametrize(
    ("deployment", "budget"),
    [
        (DeploymentSettings(replicas=0), False),
        (DeploymentSettings(replicas=1), False),
        (DeploymentSettings(replicas=2), True),
        (DeploymentSettings(replicas=1, autoscaling=Autoscaling(min_replicas=1, max_replicas=2)), True),
        (DeploymentSettings(replicas=5, autoscaling=Autoscaling(min_replicas=1, max_replicas=1)), False),
    ],
)
def test_a_budget_is_for_services_that_may_have_several_pods(deployment: DeploymentSettings, budget: bool) -> None:
    assert ("PodDisruptionBudget" in objects_by_kind(a_service(), a_desire(deployment=deployment))) is budget


def test_cron_jobs_and_datasources_have_neither() -> None:
    cron_job = a_desire(schedule=Schedule(cron="@daily"))
    kinds = {*objects_by_kind(a_service(ServiceKind.CRON_JOB), cron_job)}
    kinds |= {*objects_by_kind(a_service(ServiceKind.DATASOURCE), a_desire())}
    assert kinds == {"CronJob", "StatefulSet", "Service"}
