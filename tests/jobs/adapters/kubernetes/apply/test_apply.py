"""What an apply makes of the cluster, and what it leaves alone."""

from dataclasses import replace
from typing import Any

import pytest

from jobs.adapters.kubernetes import labels
from jobs.adapters.kubernetes.cluster import KubernetesCluster
from jobs.adapters.kubernetes.json import annotations_of, labels_of, metadata, parts, uid_of
from jobs.adapters.kubernetes.kinds import (
    CONFIG_MAP,
    DEPLOYMENT,
    INGRESS,
    SERVICE,
    STATEFUL_SET,
)
from jobs.errors import NotYet, Permanent
from jobs.ports import ServiceRef
from models.configuration import NetworkSettings, Port, Variable, Volume
from models.vocabulary import ServiceKind
from tests.jobs.adapters.kubernetes.apply.everything import EVERYTHING, NAMES
from tests.jobs.adapters.kubernetes.site import Site
from tests.jobs.adapters.proxy import Answer, FaultProxy, Forward, Request


def test_makes_everything_that_is_asked_for_and_returns_it(cluster: KubernetesCluster, site: Site) -> None:
    applied = cluster.apply(site.service, site.desired(**EVERYTHING))

    there = site.everything()
    assert set(there) == NAMES
    assert {(ref.kind, ref.name): ref.uid for ref in applied.objects} == {
        key: uid_of(one) for key, one in there.items()
    }
    assert applied.adopted == []
    for one in there.values():
        assert labels.is_ours(one, site.service.environment, site.service)
        assert labels_of(one)[labels.MANAGED_BY] == "phaseline"
        assert annotations_of(one)[labels.OPERATION] == "1"


def test_applying_twice_changes_nothing(cluster: KubernetesCluster, site: Site, proxy: FaultProxy) -> None:
    cluster.apply(site.service, site.desired(**EVERYTHING))
    before = {key: metadata(one).get("generation") for key, one in site.everything().items()}
    version = metadata(site.get(CONFIG_MAP))["resourceVersion"]

    cluster.apply(site.service, site.desired(**EVERYTHING))

    assert {key: metadata(one).get("generation") for key, one in site.everything().items()} == before
    assert metadata(site.get(CONFIG_MAP))["resourceVersion"] == version
    assert proxy.count("POST configmaps") == 1


def test_what_is_no_longer_said_goes_even_the_first_time(cluster: KubernetesCluster, site: Site) -> None:
    cluster.apply(site.service, site.desired(**EVERYTHING))
    fewer = NetworkSettings(ports=(Port(name="http", number=8080),))
    changed: dict[str, Any] = {**EVERYTHING, "networking": fewer, "variables": (Variable(name="COLOUR", value="red"),)}

    cluster.apply(site.service, site.desired(2, **changed))

    assert site.get(CONFIG_MAP)["data"] == {"COLOUR": "red"}
    assert [port["name"] for port in parts(site.get(SERVICE), "spec", "ports")] == ["http"]
    container = parts(site.get(DEPLOYMENT), "spec", "template", "spec", "containers")[0]
    assert [port["name"] for port in container["ports"]] == ["http"]
    assert site.find(INGRESS) is not None  # pruned later, and only then


def test_a_stale_write_is_done_again_on_what_is_there_now(
    cluster: KubernetesCluster, site: Site, proxy: FaultProxy
) -> None:
    cluster.apply(site.service, site.desired(1, **EVERYTHING))

    def annotate(request: Request, forward: Forward) -> Answer:
        site.edit(CONFIG_MAP, {"metadata": {"annotations": {"note": "mine"}}})
        return forward(request)

    proxy.on("PATCH configmaps", annotate, times=2)
    changed: dict[str, Any] = {**EVERYTHING, "variables": (Variable(name="COLOUR", value="red"),)}
    cluster.apply(site.service, site.desired(2, **changed))

    there = site.get(CONFIG_MAP)
    assert there["data"] == {"COLOUR": "red"}
    assert annotations_of(there)["note"] == "mine"


def test_what_others_own_stays(cluster: KubernetesCluster, site: Site) -> None:
    cluster.apply(site.service, site.desired(**EVERYTHING))
    sidecar = {"name": "mesh", "image": "mesh:1"}
    ours = parts(site.get(DEPLOYMENT), "spec", "template", "spec", "containers")
    site.edit(
        DEPLOYMENT,
        {
            "metadata": {"annotations": {"team": "blue"}, "labels": {"cost": "12"}},
            "spec": {"template": {"spec": {"containers": [*ours, sidecar], "nodeSelector": {"disk": "ssd"}}}},
        },
        manager="injector",
    )
    site.edit(INGRESS, {"metadata": {"annotations": {"cert-manager.io/issuer": "letsencrypt"}}})

    cluster.apply(site.service, site.desired(2, image="web:2", **EVERYTHING))

    there = site.get(DEPLOYMENT)
    containers = {one["name"]: one["image"] for one in parts(there, "spec", "template", "spec", "containers")}
    assert containers == {"web": "web:2", "mesh": "mesh:1"}
    assert there["spec"]["template"]["spec"]["nodeSelector"] == {"disk": "ssd"}
    assert annotations_of(there)["team"] == "blue"
    assert labels_of(there)["cost"] == "12"
    assert annotations_of(site.get(INGRESS))["cert-manager.io/issuer"] == "letsencrypt"


def test_what_the_configuration_says_is_taken_back(cluster: KubernetesCluster, site: Site) -> None:
    cluster.apply(site.service, site.desired(**EVERYTHING))
    site.edit(CONFIG_MAP, {"data": {"COLOUR": "by hand", "OWN": "kept"}})
    site.edit(DEPLOYMENT, {"metadata": {"labels": {labels.SERVICE: site.service.id, labels.MANAGED_BY: "me"}}})

    cluster.apply(site.service, site.desired(2, **EVERYTHING))

    assert site.get(CONFIG_MAP)["data"] == {"COLOUR": "blue", "SIZE": "big", "OWN": "kept"}
    assert labels_of(site.get(DEPLOYMENT))[labels.MANAGED_BY] == "phaseline"


def test_waits_for_an_old_object_that_is_being_deleted(cluster: KubernetesCluster, site: Site) -> None:
    cluster.apply(site.service, site.desired(**EVERYTHING))
    site.edit(CONFIG_MAP, {"metadata": {"finalizers": ["example.com/slow"]}})
    site.delete(CONFIG_MAP)

    with pytest.raises(NotYet) as waiting:
        cluster.apply(site.service, site.desired(2, **EVERYTHING))
    assert [(one.kind, one.name) for one in waiting.value.blockers] == [("ConfigMap", "web")]
    assert "example.com/slow" in waiting.value.blockers[0].reason

    site.edit(CONFIG_MAP, {"metadata": {"finalizers": None}})
    cluster.apply(site.service, site.desired(2, **EVERYTHING))
    assert annotations_of(site.get(CONFIG_MAP))[labels.OPERATION] == "2"


def test_a_volume_that_would_shrink_is_refused_before_anything_is_written(
    cluster: KubernetesCluster, site: Site
) -> None:
    cluster.apply(site.service, site.desired(**EVERYTHING))
    smaller: dict[str, Any] = {
        **EVERYTHING,
        "volumes": (Volume(name="data", mount_path="/data", size_gib=1),),
        "variables": (),
    }

    with pytest.raises(Permanent) as refused:
        cluster.apply(site.service, site.desired(2, **smaller))

    assert "spec.resources.requests.storage of PersistentVolumeClaim web.data" in str(refused.value)
    assert "2Gi to 1Gi" in str(refused.value)
    assert {annotations_of(one)[labels.OPERATION] for one in site.everything().values()} == {"1"}


def test_a_field_that_cannot_change_is_named_with_what_to_do(cluster: KubernetesCluster, site: Site) -> None:
    selector = labels.selector(site.service)
    template = {"metadata": {"labels": selector}, "spec": {"containers": [{"name": "a", "image": "a:1"}]}}
    spec = {"replicas": 0, "serviceName": "other", "selector": {"matchLabels": selector}, "template": template}
    site.post(STATEFUL_SET, {"spec": spec}, labels=labels.service_labels(site.service))
    datasource = Site(site.api, _as(site, ServiceKind.DATASOURCE))

    with pytest.raises(Permanent) as refused:
        cluster.apply(datasource.service, site.desired())

    assert "spec.serviceName of StatefulSet web can't be changed from other to web" in str(refused.value)
    assert "delete the service and add it again" in str(refused.value)


def _as(site: Site, kind: ServiceKind) -> ServiceRef:
    return replace(site.service, kind=kind)
