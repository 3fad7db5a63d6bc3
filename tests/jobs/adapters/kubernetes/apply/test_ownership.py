"""What is not ours, and what a newer operation has written, is left as it is."""

import json

import pytest

from jobs.adapters.kubernetes import labels
from jobs.adapters.kubernetes.cluster import KubernetesCluster
from jobs.adapters.kubernetes.json import JsonObject, labels_of, uid_of
from jobs.adapters.kubernetes.kinds import CONFIG_MAP, DEPLOYMENT, SECRET, Kind
from jobs.errors import Overtaken, Permanent
from tests.jobs.adapters.kubernetes.apply.everything import EVERYTHING, FOREIGN
from tests.jobs.adapters.kubernetes.site import Site
from tests.jobs.adapters.proxy import Answer, FaultProxy, Forward, Request


def as_bytes(thing: JsonObject) -> str:
    return json.dumps(thing, sort_keys=True)


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


def test_a_controller_that_tells_how_it_gets_on_does_not_manage_it(cluster: KubernetesCluster, site: Site) -> None:
    """Those of the cluster come first by name where both wrote in the same second."""
    kind, name, body = next(one for one in FOREIGN if one[0] is DEPLOYMENT)
    site.post(kind, body, name)
    told = {"status": {"conditions": [{"type": "Told", "status": "True"}]}}
    site.edit(kind, told, name, manager="kube-controller-manager", subresource="status")

    with pytest.raises(Permanent, match="is managed by kubectl-create"):
        cluster.apply(site.service, site.desired(**EVERYTHING))


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


def _said(thing: JsonObject) -> JsonObject:
    """What its author says; the rest is the server's and the controllers'."""
    said = {name: value for name, value in thing.items() if name not in ("metadata", "status")}
    said.get("spec", {}).pop("volumeName", None)
    return said
