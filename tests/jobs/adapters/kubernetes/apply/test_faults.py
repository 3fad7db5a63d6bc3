"""Whatever goes wrong on the way, an apply that is done again ends in the same state."""

from collections.abc import Callable

import pytest

from jobs.adapters.kubernetes.api import Api
from jobs.adapters.kubernetes.cluster import KubernetesCluster
from jobs.adapters.kubernetes.json import parts
from jobs.adapters.kubernetes.kinds import CONFIG_MAP, NAMESPACE
from jobs.errors import Permanent, Transient
from models.configuration import Variable
from tests.jobs.adapters.kubernetes.apply.everything import EVERYTHING, NAMES
from tests.jobs.adapters.kubernetes.faults import refuse
from tests.jobs.adapters.kubernetes.site import Site
from tests.jobs.adapters.proxy import Answer, Fault, FaultProxy, cut_answer, lose_answer, reset

#: Each request of a first apply, and of a second.
REQUESTS = [
    "GET configmaps",
    "POST configmaps",
    "PATCH configmaps",
    "PATCH deployments",
    "GET horizontalpodautoscalers",
]
FAULTS: dict[str, Fault] = {
    "busy": refuse(429, "TooManyRequests"),
    "failing": refuse(500, "InternalError"),
    "reset": reset,
    "lost": lose_answer,
    "cut": cut_answer,
    "garbled": lambda _request, _forward: Answer(200, b"<html>", "text/html"),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
@pytest.mark.parametrize("request_name", REQUESTS)
def test_a_fault_that_may_pass_is_tried_again_later(
    cluster: KubernetesCluster, site: Site, proxy: FaultProxy, request_name: str, fault: Fault
) -> None:
    proxy.on(request_name, fault)
    with pytest.raises(Transient):
        cluster.apply(site.service, site.desired(1, **EVERYTHING))
    cluster.apply(site.service, site.desired(1, **EVERYTHING))

    assert set(site.everything()) == NAMES
    # what was created before the fault is owned as if it had been applied, so that the next edit can drop it
    cluster.apply(site.service, site.desired(2, variables=(Variable(name="COLOUR", value="red"),)))
    assert site.get(CONFIG_MAP)["data"] == {"COLOUR": "red"}
    owners = parts(site.get(CONFIG_MAP), "metadata", "managedFields")
    assert [(entry["manager"], entry["operation"]) for entry in owners] == [("phaseline", "Apply")]


def test_a_missing_right_names_verb_resource_and_namespace(
    cluster: KubernetesCluster, site: Site, proxy: FaultProxy
) -> None:
    message = (
        'ingresses.networking.k8s.io is forbidden: User "system:serviceaccount:phaseline:worker" cannot create '
        f'resource "ingresses" in API group "networking.k8s.io" in the namespace "{site.namespace}"'
    )
    proxy.on("POST ingresses", refuse(403, "Forbidden", message))
    with pytest.raises(Permanent) as refused:
        cluster.apply(site.service, site.desired(**EVERYTHING))
    assert "system:serviceaccount:phaseline:worker may not create ingresses.networking.k8s.io" in str(refused.value)
    assert f"in namespace {site.namespace}" in str(refused.value)


def test_what_the_server_finds_invalid_is_named(cluster: KubernetesCluster, site: Site, proxy: FaultProxy) -> None:
    cause = {"field": "spec.schedule", "message": "Invalid value", "reason": "FieldValueInvalid"}
    proxy.on("POST deployments", refuse(422, "Invalid", causes=[cause, cause]))
    with pytest.raises(Permanent, match=r"Deployment web: spec\.schedule: Invalid value\. Change the configuration"):
        cluster.apply(site.service, site.desired(**EVERYTHING))


def test_a_namespace_that_somebody_deletes_meanwhile_is_named(
    cluster: KubernetesCluster, site: Site, direct: Api
) -> None:
    site.post(CONFIG_MAP, {}, "holds", finalizers=["example.com/held"])
    direct.call("DELETE", NAMESPACE.path(name=site.namespace))
    with pytest.raises(Permanent, match=f"somebody has deleted namespace {site.namespace}.* update the service again"):
        cluster.apply(site.service, site.desired(**EVERYTHING))
    site.edit(CONFIG_MAP, {"metadata": {"finalizers": None}}, "holds")
    while direct.find(NAMESPACE.path(name=site.namespace)) is not None:
        pass
    with pytest.raises(Permanent, match=f"somebody has deleted namespace {site.namespace}"):
        cluster.apply(site.service, site.desired(**EVERYTHING))


def test_an_object_that_always_changes_is_left_for_later(
    cluster: KubernetesCluster, site: Site, proxy: FaultProxy
) -> None:
    cluster.apply(site.service, site.desired(1, **EVERYTHING))
    proxy.clear()
    proxy.on("PATCH configmaps", refuse(409, "Conflict"), times=100)
    with pytest.raises(Transient, match="ConfigMap web is changed by others"):
        cluster.apply(site.service, site.desired(2, **EVERYTHING))
    assert proxy.count("PATCH configmaps") < 20


def test_independent_objects_are_written_side_by_side(
    cluster: KubernetesCluster, site: Site, proxy: FaultProxy, together: Callable[[int], Fault]
) -> None:
    both = together(2)
    proxy.on("POST configmaps", both)
    proxy.on("POST secrets", both)
    cluster.apply(site.service, site.desired(**EVERYTHING))
    assert set(site.everything()) == NAMES


def test_nothing_is_applied_before_what_it_refers_to(cluster: KubernetesCluster, site: Site, proxy: FaultProxy) -> None:
    cluster.apply(site.service, site.desired(**EVERYTHING))
    posted = [request.path.rpartition("/")[2].partition("?")[0] for request in proxy.seen if request.method == "POST"]
    waves = [
        {"configmaps", "secrets", "persistentvolumeclaims", "services"},
        {"deployments"},
        {"horizontalpodautoscalers", "poddisruptionbudgets", "ingresses"},
    ]
    posted = posted[-8:]
    assert [set(posted[:4]), set(posted[4:5]), set(posted[5:])] == waves
