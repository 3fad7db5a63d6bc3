"""Replicas: said by the configuration or by an autoscaler, never by both."""

from typing import Any

import pytest

from jobs.adapters.kubernetes.cluster import KubernetesCluster
from jobs.adapters.kubernetes.kinds import AUTOSCALER, DEPLOYMENT
from models.configuration import Autoscaling, DeploymentSettings
from tests.jobs.adapters.kubernetes.site import Site

FOUR: dict[str, Any] = {"deployment": DeploymentSettings(replicas=4)}
AUTOSCALED: dict[str, Any] = {
    "deployment": DeploymentSettings(replicas=1, autoscaling=Autoscaling(min_replicas=2, max_replicas=9))
}


def replicas(site: Site) -> int:
    return site.get(DEPLOYMENT)["spec"]["replicas"]


def scale(site: Site, to: int, manager: str = "kube-controller-manager") -> None:
    """As autoscalers and `kubectl scale` do it."""
    site.edit(DEPLOYMENT, {"spec": {"replicas": to}}, manager=manager, subresource="scale")


def test_a_scale_by_hand_is_taken_back(cluster: KubernetesCluster, site: Site) -> None:
    cluster.apply(site.service, site.desired(1, **FOUR))
    scale(site, 7, manager="kubectl")
    cluster.apply(site.service, site.desired(2, **FOUR))
    assert replicas(site) == 4


def test_an_autoscaled_workload_begins_with_the_least(cluster: KubernetesCluster, site: Site) -> None:
    cluster.apply(site.service, site.desired(1, **AUTOSCALED))
    assert replicas(site) == 2
    cluster.apply(site.service, site.desired(2, image="web:2", **AUTOSCALED))
    assert replicas(site) == 2


def test_turning_autoscaling_on_keeps_the_pods_there_are(cluster: KubernetesCluster, site: Site) -> None:
    cluster.apply(site.service, site.desired(1, **FOUR))
    for operation in (2, 3):
        cluster.apply(site.service, site.desired(operation, **AUTOSCALED))
        assert replicas(site) == 4
    scale(site, 6)
    for operation in (4, 5):
        cluster.apply(site.service, site.desired(operation, image=f"web:{operation}", **AUTOSCALED))
        assert replicas(site) == 6


def test_an_autoscaler_of_somebody_else_keeps_its_say(cluster: KubernetesCluster, site: Site) -> None:
    cluster.apply(site.service, site.desired(1, **FOUR))
    target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}
    spec = {"scaleTargetRef": target, "minReplicas": 1, "maxReplicas": 9}
    site.post(AUTOSCALER, {"spec": spec}, "keda-hpa-web")
    cluster.apply(site.service, site.desired(2, **FOUR))
    assert replicas(site) == 4
    scale(site, 8)
    cluster.apply(site.service, site.desired(3, image="web:2", **FOUR))
    assert replicas(site) == 8


@pytest.mark.parametrize("scaled_late", [False, True])
def test_turning_autoscaling_off_brings_the_replicas_asked_for(
    cluster: KubernetesCluster, site: Site, scaled_late: bool
) -> None:
    cluster.apply(site.service, site.desired(1, **AUTOSCALED))
    scale(site, 9)
    cluster.apply(site.service, site.desired(2, **FOUR))
    assert replicas(site) == 4
    if scaled_late:  # it is there until it is pruned
        scale(site, 9)

    assert [ref.kind for ref in cluster.prune(site.service, site.desired(2, **FOUR))] == ["HorizontalPodAutoscaler"]

    assert replicas(site) == 4
    assert site.find(AUTOSCALER) is None
