"""Whose a namespace is."""

from dataclasses import replace

import pytest

from jobs.adapters.kubernetes import labels
from jobs.adapters.kubernetes.api import MERGE, Api
from jobs.adapters.kubernetes.cluster import KubernetesCluster
from jobs.adapters.kubernetes.json import JsonObject, labels_of, uid_of
from jobs.adapters.kubernetes.kinds import NAMESPACE
from jobs.errors import NotYet, Permanent, Transient
from jobs.ports import EnvironmentRef, Namespace
from tests.jobs.adapters.proxy import Answer, Fault, FaultProxy, Forward, Request, lose_answer, reset


def post(direct: Api, name: str, labelled: dict[str, str] | None = None) -> JsonObject:
    body = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labelled or {}}}
    return direct.call("POST", NAMESPACE.path(), body=body)


def get(direct: Api, name: str) -> JsonObject:
    return direct.call("GET", NAMESPACE.path(name=name))


def test_one_that_is_missing_is_made_and_ours(
    cluster: KubernetesCluster, direct: Api, environment: EnvironmentRef
) -> None:
    made = cluster.ensure_namespace(environment)
    there = get(direct, environment.namespace)
    assert made == Namespace(uid_of(there), ours=True)
    assert labels_of(there)[labels.ENVIRONMENT] == environment.id
    assert cluster.ensure_namespace(environment) == made


def test_one_that_is_nobodys_is_used_and_stays_as_it_is(
    cluster: KubernetesCluster, direct: Api, environment: EnvironmentRef
) -> None:
    uid = uid_of(post(direct, environment.namespace, {labels.MANAGED_BY: "Helm", "team": "blue"}))
    assert cluster.ensure_namespace(environment) == Namespace(uid, ours=False)
    assert labels.ENVIRONMENT not in labels_of(get(direct, environment.namespace))


def test_one_of_another_environment_is_refused(cluster: KubernetesCluster, environment: EnvironmentRef) -> None:
    cluster.ensure_namespace(environment)
    with pytest.raises(Permanent, match=f"{environment.namespace} belongs to environment {environment.id}"):
        cluster.ensure_namespace(replace(environment, id="env_other"))


def test_one_that_terminates_is_awaited(cluster: KubernetesCluster, direct: Api, environment: EnvironmentRef) -> None:
    before = cluster.ensure_namespace(environment)
    held = {"metadata": {"finalizers": ["example.com/held"]}}
    path = NAMESPACE.path(name=environment.namespace)
    direct.call("PATCH", path, body=held, content_type=MERGE)
    direct.call("DELETE", path)

    with pytest.raises(NotYet) as waiting:
        cluster.ensure_namespace(environment)
    assert {(one.kind, one.name) for one in waiting.value.blockers} == {("Namespace", environment.namespace)}

    direct.call("PATCH", path, body={"metadata": {"finalizers": None}}, content_type=MERGE)
    while direct.find(path) is not None:
        pass
    after = cluster.ensure_namespace(environment)
    assert after.ours
    assert after.uid != before.uid


def test_one_that_somebody_else_makes_at_the_same_time_is_theirs(
    cluster: KubernetesCluster, direct: Api, environment: EnvironmentRef, proxy: FaultProxy
) -> None:
    def overtake(request: Request, forward: Forward) -> Answer:
        post(direct, environment.namespace)
        return forward(request)

    proxy.on("POST namespaces", overtake)
    assert not cluster.ensure_namespace(environment).ours


@pytest.mark.parametrize("fault", [lose_answer, reset], ids=["lost", "reset"])
def test_is_still_ours_after_an_answer_was_lost(
    cluster: KubernetesCluster, environment: EnvironmentRef, proxy: FaultProxy, fault: Fault
) -> None:
    proxy.on("POST namespaces", fault)
    with pytest.raises(Transient):
        cluster.ensure_namespace(environment)
    assert cluster.ensure_namespace(environment).ours
