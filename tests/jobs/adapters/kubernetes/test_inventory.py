"""What an inventory finds, and whose it is."""

from typing import Any

import pytest

from jobs.adapters.kubernetes.discovery import discover
from jobs.adapters.kubernetes.inventory import inventory
from jobs.adapters.kubernetes.json import JsonObject, uid_of
from jobs.adapters.kubernetes.kinds import CONFIG_MAP, JOB, SECRET, Kind
from jobs.adapters.kubernetes.labels import ENVIRONMENT, service_labels
from jobs.errors import Transient
from jobs.ports import Inventory, PartlyKnown, ServiceRef
from tests.jobs.adapters.kubernetes.interposed import Interposed, raising
from tests.jobs.adapters.kubernetes.places import BUILDS, Place, config, make, place, pod_spec

ROLE = Kind("rbac.authorization.k8s.io/v1", "Role", "roles")


def look(place: Place, service: ServiceRef | None = None) -> Inventory:
    return inventory(place.api, place.environment, service, BUILDS)


def removals(found: Inventory) -> list[tuple[str, str]]:
    return sorted((ref.kind, ref.name) for ref in found.removals)


def stale(answer: JsonObject) -> JsonObject:
    """As the API server shows a group whose own server is away."""
    version = {"version": "v1", "freshness": "Stale"}
    return {**answer, "items": [*answer["items"], {"metadata": {"name": "broken.example.com"}, "versions": [version]}]}


def test_every_kind_that_can_be_deleted_is_known_by_two_requests(api: Interposed) -> None:
    kinds = {(kind.api_version, kind.plural) for kind in discover(api).kinds}

    assert {("v1", "configmaps"), ("apps/v1", "deployments"), ("rbac.authorization.k8s.io/v1", "roles")} <= kinds
    assert ("v1", "namespaces") not in kinds
    assert len(api.calls) == 2


class Older(Interposed):
    """A server of Kubernetes 1.27: what is v2 since 1.30 is v2beta1 there."""

    def call(self, method: str, path: str, *, accept: str = "", **options: Any) -> JsonObject:
        known = [
            media_type.replace("v=v2beta1", "v=v2") for media_type in accept.split(",") if "v=v2;" not in media_type
        ]
        return super().call(method, path, accept=",".join(known), **options)


def test_an_older_server_says_the_same(api: Interposed) -> None:
    assert discover(Older(api)) == discover(api)


def test_what_is_ours_is_found_in_any_kind_and_what_it_owns_is_not_listed(staging: Place) -> None:
    staging.deployment(replicas=2)
    staging.ours(SECRET, "web", {"stringData": {"a": "b"}})
    staging.ours(ROLE, "web", {"rules": []})
    staging.pods_run(2)

    found = look(staging)

    assert removals(found) == [
        ("Deployment", "web"),
        ("Namespace", staging.namespace),
        ("Role", "web"),
        ("Secret", "web"),
    ]
    assert not found.keeps
    assert {ref.service for ref in found.removals if ref.kind != "Namespace"} == {staging.service.id}


def test_one_service_is_told_from_the_others(staging: Place) -> None:
    other = staging.another("api")
    staging.ours(CONFIG_MAP, "web", config())
    staging.ours(CONFIG_MAP, "api", config(), service=other)

    assert removals(look(staging, staging.service)) == [("ConfigMap", "web")]
    assert removals(look(staging, other)) == [("ConfigMap", "api")]


def test_foreign_objects_stay_and_the_namespace_with_them(staging: Place) -> None:
    staging.ours(CONFIG_MAP, "web", config())
    staging.make(CONFIG_MAP, "theirs", config(), labels={"app.kubernetes.io/managed-by": "Helm"})
    another = place(staging.api)
    staging.make(SECRET, "of-another", labels={ENVIRONMENT: another.environment.id})

    found = look(staging)

    assert removals(found) == [("ConfigMap", "web")]
    kept = {(ref.kind, ref.name): reason for ref, reason in found.keeps}
    assert set(kept) == {("ConfigMap", "theirs"), ("Secret", "of-another"), ("Namespace", staging.namespace)}
    assert "Helm" in kept["ConfigMap", "theirs"]
    assert "ConfigMap theirs" in kept["Namespace", staging.namespace]


def test_what_the_cluster_itself_keeps_in_a_namespace_is_nobodys(staging: Place) -> None:
    staging.make(CONFIG_MAP, "istio-ca-root-cert", config())
    staging.make(Kind("coordination.k8s.io/v1", "Lease", "leases"), "leader", {"spec": {}})
    staging.make(SECRET, "web-tls", annotations={"cert-manager.io/certificate-name": "web"})
    staging.make(SECRET, "default-token-x7k2p", annotations={"kubernetes.io/service-account.name": "default"})

    found = look(staging)

    assert removals(found) == [("Namespace", staging.namespace)]
    assert not found.keeps


def test_the_token_of_an_account_that_is_not_the_clusters_own_is_foreign(staging: Place) -> None:
    staging.make(SECRET, "robot-token", annotations={"kubernetes.io/service-account.name": "robot"})

    assert {ref.name for ref, _ in look(staging).keeps} == {"robot-token", staging.namespace}


def test_what_ours_owns_is_ours_without_a_label_and_what_others_own_too_is_not(staging: Place) -> None:
    ours = staging.ours(CONFIG_MAP, "web", config())
    theirs = staging.make(SECRET, "theirs")
    owner = {"apiVersion": "v1", "kind": "ConfigMap", "name": "web", "uid": uid_of(ours)}
    second = {"apiVersion": "v1", "kind": "Secret", "name": "theirs", "uid": uid_of(theirs)}
    staging.make(CONFIG_MAP, "derived", config(), ownerReferences=[owner])
    staging.make(CONFIG_MAP, "of-both", config(), ownerReferences=[owner, second])

    found = look(staging)

    assert removals(found) == [("ConfigMap", "web")]
    assert {ref.name for ref, _ in found.keeps} == {"theirs", "of-both", staging.namespace}


def test_in_a_namespace_that_was_there_before_only_ours_is_looked_at(shared: Place) -> None:
    shared.ours(CONFIG_MAP, "web", config())
    shared.make(CONFIG_MAP, "theirs", config())

    found = look(shared)

    assert removals(found) == [("ConfigMap", "web")]
    assert not found.keeps


def test_a_build_under_way_is_found_in_its_own_namespace(staging: Place) -> None:
    builds = place(staging.api, ours=False).namespace
    labels = service_labels(staging.service)
    template = {"spec": {**pod_spec(), "restartPolicy": "Never"}}
    make(staging.api, JOB, "web-r1", {"spec": {"template": template}}, namespace=builds, labels=labels)

    found = inventory(staging.api, staging.environment, staging.service, builds)

    assert removals(found) == [("Job", "web-r1")]


def test_a_group_that_does_not_answer_is_never_taken_for_empty(staging: Place, api: Interposed) -> None:
    staging.ours(CONFIG_MAP, "web", config())
    api.spoil("GET /apis", stale)

    with pytest.raises(PartlyKnown, match=r"broken\.example\.com/v1") as partly:
        look(staging)

    assert ("ConfigMap", "web") in removals(partly.value.found)
    assert [(b.kind, b.name) for b in partly.value.blockers] == [("APIService", "broken.example.com/v1")]


def test_a_kind_that_can_not_be_listed_is_never_taken_for_empty(staging: Place, api: Interposed) -> None:
    staging.ours(CONFIG_MAP, "web", config())
    api.spoil(f"GET {SECRET.path(staging.namespace)}", raising(Transient("503")))

    with pytest.raises(PartlyKnown, match="secrets in v1") as partly:
        look(staging)

    assert ("ConfigMap", "web") in removals(partly.value.found)


def test_many_objects_take_few_calls(staging: Place, api: Interposed) -> None:
    for number in range(60):
        staging.ours(CONFIG_MAP, f"web-{number}", config())
    api.calls.clear()

    found = look(staging)

    assert len(found.removals) == 61
    kinds = len(discover(api).kinds)
    assert len(api.calls) <= kinds + 7


def test_volumes_to_be_retained_are_kept(staging: Place, shared: Place) -> None:
    _, kept = staging.volume("web.data", on_delete="RETAIN")
    staging.volume("web.cache", on_delete="DELETE")
    shared.volume("web.data", on_delete="RETAIN")

    own = look(staging)
    used = look(shared)

    assert ("PersistentVolumeClaim", "web.cache") in removals(own)
    assert [(ref.kind, ref.uid) for ref, _ in own.keeps] == [("PersistentVolume", uid_of(kept))]
    assert [(ref.kind, ref.name) for ref, _ in used.keeps] == [("PersistentVolumeClaim", "web.data")]
    assert not used.removals
    assert [(ref.kind, ref.name) for ref, _ in look(staging, staging.service).keeps] == [
        ("PersistentVolumeClaim", "web.data")
    ]
