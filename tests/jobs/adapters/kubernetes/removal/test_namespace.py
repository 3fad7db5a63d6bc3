"""Taking the namespace away, which takes everything with it."""

import pytest

from jobs.adapters.kubernetes.inventory import inventory
from jobs.adapters.kubernetes.json import JsonObject, labels_of, part, parts
from jobs.adapters.kubernetes.kinds import CLAIM, CONFIG_MAP, NAMESPACE, PERSISTENT_VOLUME
from jobs.adapters.kubernetes.labels import ENVIRONMENT, MANAGED_BY, environment_labels
from jobs.adapters.kubernetes.removal import remove_namespace, remove_resources, remove_workloads
from jobs.errors import NotYet, Transient
from tests.jobs.adapters.kubernetes.interposed import Interposed
from tests.jobs.adapters.kubernetes.places import BUILDS, FENCE, HOLD, Place, config, make, settled


def remove(place: Place) -> str | None:
    return remove_namespace(place.api, place.environment, FENCE)


def namespace(place: Place) -> JsonObject | None:
    return place.api.find(NAMESPACE.path(name=place.namespace))


def test_ours_goes_with_all_that_is_in_it(staging: Place) -> None:
    staging.ours(CONFIG_MAP, "web", config())

    assert settled(lambda: remove(staging)) is None

    assert namespace(staging) is None
    assert remove(staging) is None


def test_one_that_was_there_before_stays(shared: Place) -> None:
    assert remove(shared) == "it was not created here"
    assert namespace(shared) is not None


def test_one_of_the_same_name_made_by_somebody_else_stays_with_what_is_in_it(staging: Place) -> None:
    """Also when it has our labels, as one that was restored from a backup has."""
    staging.api.call("DELETE", NAMESPACE.path(name=staging.namespace))
    settled(lambda: gone(staging))
    make(staging.api, NAMESPACE, staging.namespace, labels=environment_labels(staging.environment))
    staging.make(CONFIG_MAP, "theirs", config())

    remove_workloads(staging.api, staging.environment, None, FENCE, BUILDS)
    remove_resources(staging.api, staging.environment, None, FENCE)
    assert "somebody else" in (remove(staging) or "")

    assert staging.there(CONFIG_MAP, "theirs")
    assert "deletionTimestamp" not in part(namespace(staging) or {}, "metadata")
    assert not inventory(staging.api, staging.environment, None, BUILDS).removals


def test_one_deleted_by_hand_is_waited_for(staging: Place) -> None:
    staging.ours(CONFIG_MAP, "held", config(), finalizers=[HOLD])
    staging.api.call("DELETE", NAMESPACE.path(name=staging.namespace))

    for step in (lambda: remove_resources(staging.api, staging.environment, None, FENCE), lambda: remove(staging)):
        with pytest.raises(NotYet, match="terminates"):
            step()
    settled(lambda: told(staging))
    with pytest.raises(NotYet) as not_yet:
        remove(staging)
    kinds = {(b.kind, b.name): b.reason for b in not_yet.value.blockers}
    assert HOLD in kinds["ConfigMap", "held"]
    assert "Namespace" in {kind for kind, _ in kinds}

    staging.release(CONFIG_MAP, "held")
    assert settled(lambda: remove(staging)) is None
    remove_workloads(staging.api, staging.environment, None, FENCE, BUILDS)
    remove_resources(staging.api, staging.environment, None, FENCE)


def gone(place: Place) -> None:
    if namespace(place) is not None:
        raise NotYet("it terminates")


def told(place: Place) -> None:
    """Waits until the namespace says what holds it."""
    conditions = parts(namespace(place) or {}, "status", "conditions")
    if not any(one["status"] == "True" for one in conditions):
        raise NotYet("its controller has not looked yet")


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        ("NamespaceDeletionDiscoveryFailure", "broken.example.com/v1: stale GroupVersion discovery"),
        ("NamespaceDeletionContentFailure", 'failed calling webhook "check.example.com"'),
    ],
)
def test_what_its_controller_says_is_told(staging: Place, api: Interposed, condition: str, message: str) -> None:
    staging.ours(CONFIG_MAP, "held", config(), finalizers=[HOLD])
    staging.api.call("DELETE", NAMESPACE.path(name=staging.namespace))
    said = {"type": condition, "status": "True", "reason": "Failed", "message": message}
    api.spoil(
        f"GET {NAMESPACE.path(name=staging.namespace)}",
        lambda answer: {**answer, "status": {"phase": "Terminating", "conditions": [said]}},
    )

    with pytest.raises(NotYet) as not_yet:
        remove(staging)

    assert ("Namespace", staging.namespace, f"{condition}: {message}") in {
        (b.kind, b.name, b.reason) for b in not_yet.value.blockers
    }
    assert message in not_yet.value.reason
    api.heal()
    staging.release(CONFIG_MAP, "held")


def test_claims_do_not_wait_for_the_controller_of_a_namespace_that_terminates(staging: Place, api: Interposed) -> None:
    staging.volume("web.data", on_delete="RETAIN", reclaim="Delete")
    api.spoil(f"GET {NAMESPACE.path(name=staging.namespace)}", as_terminating)

    with pytest.raises(NotYet, match="terminates"):
        remove_resources(staging.api, staging.environment, None, FENCE)

    settled(lambda: no_claims(staging))
    kept = staging.api.call("GET", PERSISTENT_VOLUME.path(name=f"{staging.namespace}-web.data"))
    assert kept["spec"]["persistentVolumeReclaimPolicy"] == "Retain"
    assert labels_of(kept)[ENVIRONMENT] == staging.environment.id


def as_terminating(thing: JsonObject) -> JsonObject:
    return {**thing, "metadata": {**thing["metadata"], "deletionTimestamp": "2030-01-01T00:00:00Z"}}


def no_claims(place: Place) -> None:
    if place.names(CLAIM):
        raise NotYet("a claim is there")


def test_with_something_foreign_in_it_it_is_given_back(staging: Place) -> None:
    staging.ours(CONFIG_MAP, "web", config())
    staging.make(CONFIG_MAP, "theirs", config())
    settled(lambda: remove_resources(staging.api, staging.environment, None, FENCE))

    reason = remove(staging)

    assert reason is not None
    assert "ConfigMap theirs" in reason
    left = namespace(staging)
    assert left is not None
    assert not {ENVIRONMENT, MANAGED_BY} & set(labels_of(left))
    assert "deletionTimestamp" not in left["metadata"]
    assert staging.there(CONFIG_MAP, "theirs")
    assert not inventory(staging.api, staging.environment, None, BUILDS).removals


def test_nothing_is_removed_while_a_part_of_it_can_not_be_seen(staging: Place, api: Interposed) -> None:
    broken = {"metadata": {"name": "broken.example.com"}, "versions": [{"version": "v1", "freshness": "Stale"}]}
    api.spoil("GET /apis", lambda answer: {**answer, "items": [*answer["items"], broken]})

    with pytest.raises(Transient, match=r"broken\.example\.com/v1"):
        remove(staging)

    left = namespace(staging)
    assert left is not None
    assert "deletionTimestamp" not in left["metadata"]
    api.heal()
    assert settled(lambda: remove(staging)) is None


def test_a_volume_to_be_retained_outlives_the_namespace(staging: Place) -> None:
    staging.deployment()
    staging.volume("web.data", on_delete="RETAIN", reclaim="Delete")

    settled(lambda: remove_workloads(staging.api, staging.environment, None, FENCE, BUILDS))
    settled(lambda: remove_resources(staging.api, staging.environment, None, FENCE))
    settled(lambda: remove(staging))

    kept = staging.api.find(PERSISTENT_VOLUME.path(name=f"{staging.namespace}-web.data"))
    assert kept is not None
    assert part(kept, "spec")["persistentVolumeReclaimPolicy"] == "Retain"
    found = inventory(staging.api, staging.environment, None, BUILDS)
    assert not found.removals
    assert [ref.kind for ref, _ in found.keeps] == ["PersistentVolume"]
