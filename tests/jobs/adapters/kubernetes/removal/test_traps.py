"""What keeps real namespaces from going: API services and webhooks that are down."""

from collections.abc import Generator

import pytest

from jobs.adapters.kubernetes.inventory import inventory
from jobs.adapters.kubernetes.json import metadata, parts
from jobs.adapters.kubernetes.kinds import CONFIG_MAP, NAMESPACE, SECRET
from jobs.adapters.kubernetes.removal import remove_namespace, remove_resources, remove_workloads
from jobs.errors import NotYet, Transient
from jobs.ports import PartlyKnown
from tests.jobs.adapters.kubernetes.places import BUILDS, FENCE, Place, config, settled
from tests.jobs.adapters.kubernetes.removal.traps import broken_group, failing_webhook


@pytest.fixture
def broken(staging: Place) -> Generator[str]:
    with broken_group(staging) as group:
        yield group


def conditions(place: Place, kind: str) -> None:
    """Waits until the namespace says so."""
    namespace = place.api.call("GET", NAMESPACE.path(name=place.namespace))
    if not any(one["type"] == kind and one["status"] == "True" for one in parts(namespace, "status", "conditions")):
        raise NotYet("its controller has not looked yet")


def test_a_group_that_nobody_serves_holds_the_namespace_and_not_what_is_in_it(staging: Place, broken: str) -> None:
    staging.deployment()
    staging.ours(SECRET, "web")
    staging.pods_run(1)

    with pytest.raises(PartlyKnown, match=broken):
        inventory(staging.api, staging.environment, None, BUILDS)
    settled(lambda: remove_workloads(staging.api, staging.environment, None, FENCE, BUILDS))
    with pytest.raises(Transient, match=broken):
        settled(lambda: remove_resources(staging.api, staging.environment, None, FENCE))
    with pytest.raises(Transient, match=broken) as refused:
        remove_namespace(staging.api, staging.environment, FENCE)

    assert not staging.there(SECRET, "web")
    assert [(b.kind, b.name) for b in refused.value.blockers] == [("APIService", broken)]
    namespace = staging.api.call("GET", NAMESPACE.path(name=staging.namespace))
    assert "deletionTimestamp" not in metadata(namespace)


def test_a_group_that_broke_while_the_namespace_terminates_is_named(staging: Place, broken: str) -> None:
    staging.api.call("DELETE", NAMESPACE.path(name=staging.namespace))
    settled(lambda: conditions(staging, "NamespaceDeletionDiscoveryFailure"))

    with pytest.raises(NotYet, match=r"NamespaceDeletionDiscoveryFailure.*broken\.example\.com") as not_yet:
        remove_namespace(staging.api, staging.environment, FENCE)

    assert ("APIService", broken) in {(b.kind, b.name) for b in not_yet.value.blockers}


def test_a_webhook_that_is_down_is_named_with_what_it_holds(staging: Place) -> None:
    for number in range(4):
        staging.ours(CONFIG_MAP, f"web-{number}", config())
    staging.ours(SECRET, "web")

    with failing_webhook(staging) as name, pytest.raises(Transient, match=name) as refused:
        remove_resources(staging.api, staging.environment, None, FENCE)

    assert {b.name for b in refused.value.blockers} == {f"web-{number}" for number in range(4)}
    assert not staging.there(SECRET, "web")
    settled(lambda: remove_resources(staging.api, staging.environment, None, FENCE))


def test_a_webhook_that_holds_a_terminating_namespace_is_named(staging: Place) -> None:
    staging.ours(CONFIG_MAP, "web", config())
    with failing_webhook(staging) as name:
        staging.api.call("DELETE", NAMESPACE.path(name=staging.namespace))
        settled(lambda: conditions(staging, "NamespaceDeletionContentFailure"))

        with pytest.raises(NotYet, match="NamespaceDeletionContentFailure") as not_yet:
            remove_namespace(staging.api, staging.environment, FENCE)

    assert any(name in b.reason for b in not_yet.value.blockers)
    assert settled(lambda: remove_namespace(staging.api, staging.environment, FENCE)) is None
