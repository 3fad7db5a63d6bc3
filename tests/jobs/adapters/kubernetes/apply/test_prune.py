"""What a prune removes, and what it leaves alone."""

from typing import Any

import pytest

from jobs.adapters.kubernetes import labels
from jobs.adapters.kubernetes.cluster import KubernetesCluster
from jobs.adapters.kubernetes.json import annotations_of, labels_of, uid_of
from jobs.adapters.kubernetes.kinds import CLAIM, CONFIG_MAP, DEPLOYMENT, INGRESS, SECRET, STATEFUL_SET
from jobs.errors import NotYet, Overtaken, Transient
from jobs.ports import Desired
from models.configuration import Volume
from models.vocabulary import VolumePolicy
from tests.jobs.adapters.kubernetes.apply.everything import EVERYTHING, FOREIGN, NAMES
from tests.jobs.adapters.kubernetes.faults import refuse
from tests.jobs.adapters.kubernetes.site import Site
from tests.jobs.adapters.proxy import Answer, FaultProxy, Forward, Request

LEAST = {("Deployment", "web")}


def pruned(cluster: KubernetesCluster, site: Site, desired: Desired) -> list[tuple[str, str]]:
    """What a prune removes in the end. A claim goes when its controllers have looked at it."""
    found: set[tuple[str, str]] = set()
    for _ in range(500):
        try:
            return sorted(found | {(ref.kind, ref.name) for ref in cluster.prune(site.service, desired)})
        except NotYet as waiting:
            found |= {(one.kind, one.name) for one in waiting.blockers}
    raise AssertionError("it never ends")


def test_what_fell_out_goes_and_nothing_else(cluster: KubernetesCluster, site: Site) -> None:
    without_volumes: dict[str, Any] = {**EVERYTHING, "volumes": ()}
    cluster.apply(site.service, site.desired(1, **without_volumes))
    site.post(CONFIG_MAP, {"data": {}}, "theirs")
    neighbour = {**labels.service_labels(site.service), labels.SERVICE: "svc_other"}
    site.post(SECRET, {"data": {}}, "neighbour", labels=neighbour)
    web = uid_of(site.get(DEPLOYMENT))
    cluster.apply(site.service, site.desired(2))
    fallen = NAMES - LEAST - {("PersistentVolumeClaim", "web.data")}
    assert set(site.everything()) > fallen  # an apply removes nothing

    gone = cluster.prune(site.service, site.desired(2))

    assert {(ref.kind, ref.name) for ref in gone} == fallen
    assert set(site.everything()) == LEAST | {("ConfigMap", "theirs"), ("Secret", "neighbour")}
    assert uid_of(site.get(DEPLOYMENT)) == web
    assert cluster.prune(site.service, site.desired(2)) == []


def test_what_refers_to_others_goes_before_them(cluster: KubernetesCluster, site: Site, proxy: FaultProxy) -> None:
    cluster.apply(site.service, site.desired(1, **EVERYTHING))
    cluster.apply(site.service, site.desired(2))
    site.edit(INGRESS, {"metadata": {"finalizers": ["example.com/load-balancer"]}})

    with pytest.raises(NotYet) as waiting:
        cluster.prune(site.service, site.desired(2))

    assert [(one.kind, one.name) for one in waiting.value.blockers] == [("Ingress", "web")]
    assert "example.com/load-balancer" in waiting.value.blockers[0].reason
    assert site.find(SECRET) is not None
    assert proxy.count("DELETE secrets") == 0
    site.edit(INGRESS, {"metadata": {"finalizers": None}})
    pruned(cluster, site, site.desired(2))
    assert site.find(SECRET) is None


def test_a_volume_to_be_retained_stays_and_is_marked(cluster: KubernetesCluster, site: Site) -> None:
    kept = Volume(name="data", mount_path="/data", size_gib=1, on_delete=VolumePolicy.RETAIN)
    volumes: dict[str, Any] = {"volumes": (kept, Volume(name="cache", mount_path="/cache", size_gib=1))}
    cluster.apply(site.service, site.desired(1, **volumes))
    data = uid_of(site.get(CLAIM, "web.data"))

    cluster.apply(site.service, site.desired(2))
    gone = pruned(cluster, site, site.desired(2))

    assert ("PersistentVolumeClaim", "web.data") not in gone
    assert site.find(CLAIM, "web.cache") is None
    claim = site.get(CLAIM, "web.data")
    assert uid_of(claim) == data
    assert labels_of(claim)[labels.KEPT] == "true"
    assert cluster.prune(site.service, site.desired(2)) == []

    cluster.apply(site.service, site.desired(3, volumes=(kept,)))
    claim = site.get(CLAIM, "web.data")
    assert uid_of(claim) == data
    assert labels.KEPT not in labels_of(claim)
    assert annotations_of(claim)[labels.OPERATION] == "3"


def test_an_older_operation_prunes_nothing(cluster: KubernetesCluster, site: Site, proxy: FaultProxy) -> None:
    cluster.apply(site.service, site.desired(1))
    cluster.apply(site.service, site.desired(5, **EVERYTHING))
    proxy.clear()

    with pytest.raises(Overtaken):
        cluster.prune(site.service, site.desired(1))

    assert set(site.everything()) == NAMES
    assert {request.method for request in proxy.seen} == {"GET"}


def test_what_a_newer_operation_writes_between_the_look_and_the_removal_stays(
    cluster: KubernetesCluster, site: Site, proxy: FaultProxy
) -> None:
    cluster.apply(site.service, site.desired(1, **EVERYTHING))
    cluster.apply(site.service, site.desired(2))

    def overtake(request: Request, forward: Forward) -> Answer:
        cluster.apply(site.service, site.desired(3, **EVERYTHING))
        return forward(request)

    proxy.on("DELETE ingresses", overtake)
    with pytest.raises(Overtaken):
        cluster.prune(site.service, site.desired(2))
    assert annotations_of(site.get(INGRESS))[labels.OPERATION] == "3"


def test_an_object_of_the_same_name_that_took_its_place_stays(
    cluster: KubernetesCluster, site: Site, proxy: FaultProxy
) -> None:
    cluster.apply(site.service, site.desired(1, **EVERYTHING))
    cluster.apply(site.service, site.desired(2))
    theirs = next(body for kind, _, body in FOREIGN if kind is SECRET)

    def swap(request: Request, forward: Forward) -> Answer:
        site.delete(SECRET)
        site.post(SECRET, theirs)
        return forward(request)

    proxy.on("DELETE secrets", swap)
    pruned(cluster, site, site.desired(2))
    assert site.get(SECRET)["data"] == theirs["data"]


def test_a_workload_of_another_kind_goes(cluster: KubernetesCluster, site: Site) -> None:
    marks: dict[str, Any] = {"labels": labels.service_labels(site.service), "annotations": {labels.OPERATION: "1"}}
    selector = labels.selector(site.service)
    template = {"metadata": {"labels": selector}, "spec": {"containers": [{"name": "a", "image": "a:1"}]}}
    spec = {"replicas": 0, "serviceName": "web", "selector": {"matchLabels": selector}, "template": template}
    site.post(STATEFUL_SET, {"spec": spec}, **marks)
    cluster.apply(site.service, site.desired(2))

    assert ("StatefulSet", "web") in pruned(cluster, site, site.desired(2))
    assert set(site.everything()) == LEAST


def test_absence_is_never_assumed(cluster: KubernetesCluster, site: Site, proxy: FaultProxy) -> None:
    cluster.apply(site.service, site.desired(1, **EVERYTHING))
    cluster.apply(site.service, site.desired(2))
    proxy.clear()
    proxy.on("GET secrets", refuse(503, "ServiceUnavailable"))

    with pytest.raises(Transient):
        cluster.prune(site.service, site.desired(2))

    assert {request.method for request in proxy.seen} == {"GET"}
