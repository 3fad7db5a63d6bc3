"""What an apply makes of the cluster, and what it leaves alone."""

import json
from dataclasses import replace
from typing import Any

import pytest

from jobs.adapters.kubernetes import labels
from jobs.adapters.kubernetes.cluster import KubernetesCluster
from jobs.adapters.kubernetes.json import JsonObject, annotations_of, labels_of, metadata, parts, uid_of
from jobs.adapters.kubernetes.kinds import (
    CONFIG_MAP,
    DEPLOYMENT,
    INGRESS,
    SECRET,
    SERVICE,
    STATEFUL_SET,
    Kind,
)
from jobs.errors import NotYet, Overtaken, Permanent
from jobs.ports import ServiceRef
from models.configuration import NetworkSettings, Port, Variable, Volume
from models.vocabulary import ServiceKind
from tests.jobs.adapters.kubernetes.apply.everything import EVERYTHING, FOREIGN, NAMES
from tests.jobs.adapters.kubernetes.site import Site
from tests.jobs.adapters.proxy import Answer, FaultProxy, Forward, Request


def as_bytes(thing: JsonObject) -> str:
    return json.dumps(thing, sort_keys=True)


def test_makes_everything_that_is_asked_for_and_returns_it(cluster: KubernetesCluster, site: Site) -> None:
    refs = cluster.apply(site.service, site.desired(**EVERYTHING))

    there = site.everything()
    assert set(there) == NAMES
    assert {(ref.kind, ref.name): ref.uid for ref in refs} == {key: uid_of(one) for key, one in there.items()}
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


@pytest.mark.parametrize(("kind", "name", "body"), FOREIGN, ids=[kind.kind for kind, _, _ in FOREIGN])
@pytest.mark.parametrize("manager", ["Helm", None], ids=["labelled", "bare"])
def test_an_object_of_somebody_else_is_not_touched(
    cluster: KubernetesCluster,
    site: Site,
    proxy: FaultProxy,
    kind: Kind,
    name: str,
    body: JsonObject,
    manager: str | None,
) -> None:
    before = site.post(kind, body, name, labels={labels.MANAGED_BY: manager} if manager else {})
    proxy.clear()

    with pytest.raises(Permanent) as refused:
        cluster.apply(site.service, site.desired(**EVERYTHING))

    assert f"{kind.kind} {name}" in str(refused.value)
    assert (manager or "kubectl-create") in str(refused.value)
    assert {request.method for request in proxy.seen} == {"GET"}
    after = site.get(kind, name)
    assert [_said(after), uid_of(after), labels_of(after)] == [_said(before), uid_of(before), labels_of(before)]
    assert set(site.everything()) == {(kind.kind, name)}  # and nothing else was begun


def test_another_environment_or_service_is_somebody_else(cluster: KubernetesCluster, site: Site) -> None:
    theirs = {labels.MANAGED_BY: "phaseline", labels.ENVIRONMENT: "env_other", labels.SERVICE: site.service.id}
    site.post(CONFIG_MAP, {"data": {}}, labels=theirs)
    with pytest.raises(Permanent, match="environment env_other"):
        cluster.apply(site.service, site.desired(**EVERYTHING))
    site.delete(CONFIG_MAP)

    theirs = {**theirs, labels.ENVIRONMENT: site.service.environment.id, labels.SERVICE: "svc_other"}
    site.post(CONFIG_MAP, {"data": {}}, labels=theirs)
    with pytest.raises(Permanent, match="ConfigMap web"):
        cluster.apply(site.service, site.desired(**EVERYTHING))


def test_somebody_else_who_comes_between_the_look_and_the_write_is_not_touched(
    cluster: KubernetesCluster, site: Site, proxy: FaultProxy
) -> None:
    made: list[JsonObject] = []

    def overtake(request: Request, forward: Forward) -> Answer:
        made.append(site.post(SECRET, {"data": {"theirs": "MQ=="}}))
        return forward(request)

    proxy.on("POST secrets", overtake)
    with pytest.raises(Permanent, match=r"Secret web .* kubectl-create"):
        cluster.apply(site.service, site.desired(**EVERYTHING))
    assert as_bytes(site.get(SECRET)) == as_bytes(made[0])
    assert proxy.count("PATCH secrets") == 0


def test_an_object_that_is_replaced_between_the_look_and_the_write_is_not_touched(
    cluster: KubernetesCluster, site: Site, proxy: FaultProxy
) -> None:
    cluster.apply(site.service, site.desired(**EVERYTHING))
    made: list[JsonObject] = []

    def swap(request: Request, forward: Forward) -> Answer:
        site.delete(SECRET)
        made.append(site.post(SECRET, {"data": {"theirs": "MQ=="}}))
        return forward(request)

    proxy.on("PATCH secrets", swap)
    with pytest.raises(Permanent, match=r"Secret web .* kubectl-create"):
        cluster.apply(site.service, site.desired(2, **EVERYTHING))
    assert as_bytes(site.get(SECRET)) == as_bytes(made[0])


def test_an_older_operation_writes_nothing(cluster: KubernetesCluster, site: Site, proxy: FaultProxy) -> None:
    cluster.apply(site.service, site.desired(5, **EVERYTHING))
    before = site.everything()
    proxy.clear()

    with pytest.raises(Overtaken, match="operation 5"):
        cluster.apply(site.service, site.desired(4, image="old:1", **EVERYTHING))

    assert {request.method for request in proxy.seen} == {"GET"}
    assert {key: _said(one) for key, one in site.everything().items()} == {
        key: _said(one) for key, one in before.items()
    }


def test_an_operation_that_is_overtaken_between_its_look_and_its_write_writes_nothing(
    cluster: KubernetesCluster, site: Site, proxy: FaultProxy
) -> None:
    cluster.apply(site.service, site.desired(1, **EVERYTHING))

    def overtake(request: Request, forward: Forward) -> Answer:
        newer = {"metadata": {"annotations": {labels.OPERATION: "9"}}, "data": {"COLOUR": "newer"}}
        site.edit(CONFIG_MAP, newer, manager="phaseline")
        return forward(request)

    proxy.on("PATCH configmaps", overtake)
    with pytest.raises(Overtaken):
        cluster.apply(site.service, site.desired(2, **EVERYTHING))
    assert site.get(CONFIG_MAP)["data"]["COLOUR"] == "newer"


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


def _said(thing: JsonObject) -> JsonObject:
    """What its author says; the rest is the server's and the controllers'."""
    said = {name: value for name, value in thing.items() if name not in ("metadata", "status")}
    said.get("spec", {}).pop("volumeName", None)
    return said
