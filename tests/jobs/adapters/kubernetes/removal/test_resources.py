"""Taking everything else away."""

from contextlib import suppress

import pytest

from jobs.adapters.kubernetes.api import MERGE
from jobs.adapters.kubernetes.inventory import inventory
from jobs.adapters.kubernetes.json import JsonObject, labels_of, part
from jobs.adapters.kubernetes.kinds import CLAIM, CONFIG_MAP, INGRESS, PERSISTENT_VOLUME, SECRET, SERVICE, Kind
from jobs.adapters.kubernetes.labels import ENVIRONMENT, service_labels
from jobs.adapters.kubernetes.removal import remove_resources
from jobs.errors import NotYet, Overtaken, Transient
from jobs.ports import ServiceRef
from tests.jobs.adapters.kubernetes.interposed import Interposed, raising
from tests.jobs.adapters.kubernetes.places import BUILDS, FENCE, HOLD, Place, config, make, settled

ROLE = Kind("rbac.authorization.k8s.io/v1", "Role", "roles")
BALANCED = {"spec": {"type": "LoadBalancer", "ports": [{"port": 80}]}}


def remove(place: Place, service: ServiceRef | None = None, fence: int = FENCE) -> None:
    remove_resources(
        place.api,
        place.environment,
        service,
        fence,
    )


def fill(place: Place, service: ServiceRef | None = None) -> None:
    name = (service or place.service).name
    place.ours(CONFIG_MAP, name, config(), service)
    place.ours(SECRET, name, {"stringData": {"password": "secret"}}, service)
    place.ours(SERVICE, name, {"spec": {"ports": [{"port": 80}]}}, service)
    backend = {"service": {"name": name, "port": {"number": 80}}}
    place.ours(INGRESS, name, {"spec": {"defaultBackend": backend}}, service)
    place.ours(ROLE, name, {"rules": []}, service)


def volume(place: Place, name: str) -> JsonObject | None:
    return place.api.find(PERSISTENT_VOLUME.path(name=f"{place.namespace}-{name}"))


def test_one_service_goes_and_nothing_else(staging: Place) -> None:
    other = staging.another("api")
    fill(staging)
    fill(staging, other)
    staging.make(CONFIG_MAP, "theirs", config())

    settled(lambda: remove(staging, staging.service))

    assert not inventory(staging.api, staging.environment, staging.service, BUILDS).removals
    assert len(inventory(staging.api, staging.environment, other, BUILDS).removals) == 5
    assert staging.there(CONFIG_MAP, "theirs")


def test_a_foreign_namespace_keeps_what_is_not_ours(shared: Place) -> None:
    for name in ("web", "api", "worker", "cron"):
        fill(shared, shared.another(name))
        shared.make(CONFIG_MAP, f"{name}-theirs", config())

    settled(lambda: remove(shared))

    assert not inventory(shared.api, shared.environment, None, BUILDS).removals
    assert set(shared.names(CONFIG_MAP)) >= {"web-theirs", "api-theirs", "worker-theirs", "cron-theirs"}


def test_a_finalizer_whose_controller_is_gone_is_named_and_the_others_go(staging: Place) -> None:
    fill(staging)
    staging.ours(CONFIG_MAP, "held", config(), finalizers=[HOLD])

    with suppress(NotYet):
        remove(staging, staging.service)
    with pytest.raises(NotYet, match="ConfigMap held") as not_yet:
        remove(staging, staging.service)

    assert [(b.kind, b.name) for b in not_yet.value.blockers] == [("ConfigMap", "held")]
    assert HOLD in not_yet.value.blockers[0].reason
    assert not_yet.value.left == 1
    assert not staging.there(SECRET, "web")
    staging.release(CONFIG_MAP, "held")
    remove(staging, staging.service)


def test_a_load_balancer_is_waited_for_until_its_cleanup_is_done(staging: Place) -> None:
    staging.ours(SERVICE, "web", BALANCED, finalizers=[HOLD])

    with suppress(NotYet):
        remove(staging)
    with pytest.raises(NotYet, match="Service web") as not_yet:
        remove(staging)

    assert HOLD in not_yet.value.blockers[0].reason
    staging.release(SERVICE, "web")
    settled(lambda: remove(staging))


def test_what_is_made_during_the_removal_goes_too(staging: Place, api: Interposed) -> None:
    staging.ours(CONFIG_MAP, "web", config())
    path = f"GET {CONFIG_MAP.path(staging.namespace)}"

    def make_another(answer: JsonObject) -> JsonObject:
        api.heal()
        staging.ours(CONFIG_MAP, "made-by-a-controller", config())
        return answer

    api.spoil(path, make_another)
    settled(lambda: remove(staging, staging.service))

    assert not {"web", "made-by-a-controller"} & set(staging.names(CONFIG_MAP))


def test_a_failing_webhook_is_named_with_the_object_and_the_others_go(staging: Place, api: Interposed) -> None:
    fill(staging)
    failing = Transient('failed calling webhook "check.example.com": connection refused')
    api.spoil(f"DELETE {CONFIG_MAP.path(staging.namespace, 'web')}", raising(failing))

    with pytest.raises(Transient, match=r"ConfigMap web can't be deleted") as refused:
        remove(staging, staging.service)

    assert "check.example.com" in refused.value.blockers[0].reason
    assert not staging.there(SECRET, "web")
    api.heal()
    settled(lambda: remove(staging, staging.service))


def test_a_webhook_that_fails_for_all_of_a_kind_does_not_hide_which(staging: Place, api: Interposed) -> None:
    for number in range(5):
        staging.ours(CONFIG_MAP, f"web-{number}", config())
    failing = raising(Transient('failed calling webhook "check.example.com"'))
    api.spoil(f"DELETE {CONFIG_MAP.path(staging.namespace)}", failing)
    api.spoil(f"DELETE {CONFIG_MAP.path(staging.namespace, 'web-3')}", failing)

    with pytest.raises(Transient) as refused:
        remove(staging)

    assert [b.name for b in refused.value.blockers] == ["web-3"]


def test_many_of_a_kind_go_by_one_call_and_not_those_of_others(staging: Place, api: Interposed) -> None:
    for number in range(30):
        staging.ours(CONFIG_MAP, f"web-{number}", config())
        staging.make(CONFIG_MAP, f"theirs-{number}", config())
    api.calls.clear()

    settled(lambda: remove(staging))

    assert sum(name.startswith("theirs-") for name in staging.names(CONFIG_MAP)) == 30
    assert not any(name.startswith("web-") for name in staging.names(CONFIG_MAP))
    assert api.count("DELETE") == 1


def test_what_can_be_asked_is_removed_while_a_group_does_not_answer(staging: Place, api: Interposed) -> None:
    fill(staging)
    version = {"version": "v1", "freshness": "Stale"}
    broken = {"metadata": {"name": "broken.example.com"}, "versions": [version]}
    api.spoil("GET /apis", lambda answer: {**answer, "items": [*answer["items"], broken]})

    with pytest.raises(Transient, match=r"broken\.example\.com/v1"):
        remove(staging, staging.service)

    assert not staging.there(SECRET, "web")


def test_what_a_newer_operation_wrote_stays(staging: Place) -> None:
    fill(staging)

    with pytest.raises(Overtaken):
        remove(staging, staging.service, fence=FENCE - 1)

    assert staging.there(SECRET, "web")


def test_a_deleted_service_keeps_the_claim_of_a_volume_to_be_retained(staging: Place) -> None:
    staging.volume("web.data", on_delete="RETAIN")

    settled(lambda: remove(staging, staging.service))

    assert staging.there(CLAIM, "web.data")
    kept = volume(staging, "web.data")
    assert kept is not None
    assert ENVIRONMENT not in labels_of(kept)


def test_a_volume_to_be_retained_outlives_its_claim_and_its_storage_class(staging: Place) -> None:
    staging.volume("web.data", on_delete="RETAIN", reclaim="Delete")

    settled(lambda: remove(staging))

    kept = volume(staging, "web.data")
    assert kept is not None
    assert part(kept, "spec")["persistentVolumeReclaimPolicy"] == "Retain"
    assert labels_of(kept)[ENVIRONMENT] == staging.environment.id
    assert not staging.there(CLAIM, "web.data")
    found = inventory(staging.api, staging.environment, None, BUILDS)
    assert [(ref.kind, ref.name) for ref, _ in found.keeps] == [("PersistentVolume", f"{staging.namespace}-web.data")]


def test_a_released_volume_that_nobody_else_removes_is_removed(staging: Place) -> None:
    staging.volume("web.cache", on_delete="DELETE", reclaim="Retain")

    settled(lambda: remove(staging, staging.service))

    assert not staging.there(CLAIM, "web.cache")
    assert volume(staging, "web.cache") is None


def test_a_volume_that_its_driver_can_not_remove_is_waited_for(staging: Place) -> None:
    staging.volume("web.cache", on_delete="DELETE", reclaim="Retain")
    path = PERSISTENT_VOLUME.path(name=f"{staging.namespace}-web.cache")
    staging.api.call("PATCH", path, body={"metadata": {"finalizers": [HOLD]}}, content_type=MERGE)

    def look() -> None:
        with pytest.raises(NotYet) as not_yet:
            remove(staging, staging.service)
        if {blocker.kind for blocker in not_yet.value.blockers} != {"PersistentVolume"}:
            raise not_yet.value

    settled(look)
    assert not staging.there(CLAIM, "web.cache")
    staging.api.call("PATCH", path, body={"metadata": {"finalizers": None}}, content_type=MERGE)
    settled(lambda: remove(staging, staging.service))


def test_a_volume_that_somebody_else_uses_now_stays(staging: Place) -> None:
    labels = service_labels(staging.service)
    name = f"{staging.namespace}-reused"
    spec = {
        "capacity": {"storage": "1Gi"},
        "accessModes": ["ReadWriteOnce"],
        "persistentVolumeReclaimPolicy": "Retain",
        "hostPath": {"path": "/somewhere"},
        "claimRef": {"kind": "PersistentVolumeClaim", "namespace": "elsewhere", "name": "theirs", "uid": "another"},
    }
    make(staging.api, PERSISTENT_VOLUME, name, {"spec": spec}, labels=labels)

    settled(lambda: remove(staging))

    assert staging.api.find(PERSISTENT_VOLUME.path(name=name)) is not None
    assert not inventory(staging.api, staging.environment, None, BUILDS).keeps
