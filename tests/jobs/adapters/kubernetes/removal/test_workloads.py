"""Taking pods and what makes them away."""

from contextlib import suppress

import pytest

from jobs.adapters.kubernetes.kinds import CONFIG_MAP, DEPLOYMENT, JOB, NAMESPACE, POD, REPLICA_SET
from jobs.adapters.kubernetes.labels import service_labels
from jobs.adapters.kubernetes.removal import remove_workloads
from jobs.errors import NotYet, Overtaken, Permanent
from jobs.ports import ServiceRef
from tests.jobs.adapters.kubernetes.interposed import Interposed, raising
from tests.jobs.adapters.kubernetes.places import BUILDS, FENCE, HOLD, Place, config, make, place, pod_spec, settled


def remove(place: Place, service: ServiceRef | None = None, fence: int = FENCE) -> None:
    remove_workloads(place.api, place.environment, service, fence, BUILDS)


def terminates(place: Place) -> bool:
    namespace = place.api.find(NAMESPACE.path(name=place.namespace))
    return namespace is not None and "deletionTimestamp" in namespace["metadata"]


def test_pods_of_one_service_go_and_those_of_others_stay(staging: Place) -> None:
    other = staging.another("api")
    staging.deployment(replicas=2)
    staging.deployment("api", service=other)
    staging.make(POD, "theirs", {"spec": pod_spec()})
    staging.pods_run(4)

    settled(lambda: remove(staging, staging.service))

    assert staging.names(DEPLOYMENT) == ["api"]
    assert len(staging.names(REPLICA_SET)) == 1
    left = staging.names(POD)
    assert len(left) == 2
    assert "theirs" in left
    assert not terminates(staging)


def test_the_namespace_terminates_meanwhile_when_nothing_in_it_has_to_go_first(staging: Place, api: Interposed) -> None:
    staging.deployment(replicas=2)
    staging.ours(CONFIG_MAP, "web", config())
    staging.pods_run(2)
    api.calls.clear()

    settled(lambda: remove(staging))

    namespace = api.calls.index(f"DELETE {NAMESPACE.path(name=staging.namespace)}")
    assert namespace < api.calls.index(f"DELETE {DEPLOYMENT.path(staging.namespace, 'web')}")
    assert staging.names(POD) == []


def test_pods_that_are_left_are_counted_and_named(staging: Place) -> None:
    staging.ours(POD, "slow", {"spec": pod_spec()}, finalizers=[HOLD])

    with pytest.raises(NotYet) as not_yet:
        remove(staging, staging.service)

    assert not_yet.value.left == 1
    assert [(b.kind, b.name) for b in not_yet.value.blockers] == [("Pod", "slow")]


def test_the_namespace_waits_for_what_its_controllers_have_to_take_down(staging: Place) -> None:
    staging.deployment()
    staging.ours(CONFIG_MAP, "held", config(), finalizers=[HOLD])

    settled(lambda: remove(staging))

    assert not terminates(staging)


def test_the_namespace_stays_while_a_foreign_object_is_in_it(staging: Place) -> None:
    staging.deployment()
    staging.make(CONFIG_MAP, "theirs", config())

    settled(lambda: remove(staging))

    assert not terminates(staging)
    assert staging.there(CONFIG_MAP, "theirs")


def test_a_namespace_that_was_there_before_stays(shared: Place) -> None:
    shared.deployment()

    settled(lambda: remove(shared))

    assert not terminates(shared)
    assert shared.names(DEPLOYMENT) == []


def test_a_pod_that_is_held_is_named_with_its_finalizer(staging: Place) -> None:
    staging.ours(POD, "held", {"spec": pod_spec()}, finalizers=[HOLD])

    with suppress(NotYet):
        remove(staging, staging.service)
    with pytest.raises(NotYet, match="Pod held") as not_yet:
        remove(staging, staging.service)

    assert [(b.kind, b.name) for b in not_yet.value.blockers] == [("Pod", "held")]
    assert HOLD in not_yet.value.blockers[0].reason
    staging.release(POD, "held")
    settled(lambda: remove(staging, staging.service))


def test_what_a_newer_operation_wrote_stays(staging: Place) -> None:
    staging.deployment()

    with pytest.raises(Overtaken, match="Deployment web was written by operation 7"):
        remove(staging, staging.service, fence=FENCE - 1)

    assert staging.names(DEPLOYMENT) == ["web"]


def test_what_is_written_between_the_look_and_the_delete_stays(staging: Place, api: Interposed) -> None:
    """A worker that was frozen after its look deletes nothing that a newer operation wrote meanwhile."""
    deployment = staging.deployment()
    path = f"GET {DEPLOYMENT.path(staging.namespace)}"

    def write_after_looking(answer: dict[str, object]) -> dict[str, object]:
        api.heal()
        staging.apply(DEPLOYMENT, "web", {"spec": deployment["spec"]}, fence=FENCE + 1)
        return answer

    api.spoil(path, write_after_looking)
    with pytest.raises(Overtaken):
        remove(staging, staging.service)

    assert staging.names(DEPLOYMENT) == ["web"]


def test_what_refuses_is_named_and_the_others_go(shared: Place, api: Interposed) -> None:
    other = shared.another("api")
    shared.deployment()
    shared.deployment("api", service=other)
    denied = Permanent('admission webhook "keep.example.com" denied the request')
    api.spoil(f"DELETE {DEPLOYMENT.path(shared.namespace, 'web')}", raising(denied))

    with pytest.raises(Permanent, match=r"Deployment web can't be deleted.*keep\.example\.com") as refused:
        remove(shared)

    assert [(b.kind, b.name) for b in refused.value.blockers] == [("Deployment", "web")]
    assert shared.names(DEPLOYMENT) == ["web"]


def test_a_build_goes_with_its_pods_and_those_of_others_stay(staging: Place) -> None:
    builds = place(staging.api, ours=False)
    for service, name in ((staging.service, "web-r1"), (staging.another("api"), "api-r1")):
        labels = service_labels(service)
        template = {"metadata": {"labels": labels}, "spec": {**pod_spec(), "restartPolicy": "Never"}}
        make(staging.api, JOB, name, {"spec": {"template": template}}, namespace=builds.namespace, labels=labels)

    settled(lambda: remove_workloads(staging.api, staging.environment, staging.service, FENCE, builds.namespace))

    assert builds.names(JOB) == ["api-r1"]


def test_twice_is_as_once(staging: Place) -> None:
    staging.deployment()
    settled(lambda: remove(staging, staging.service))

    remove(staging, staging.service)
