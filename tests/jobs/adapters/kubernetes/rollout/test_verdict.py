"""Whether what was applied runs, as a server and its controllers show it."""

from collections.abc import Mapping
from typing import Any

import pytest

from jobs.adapters.kubernetes.json import JsonObject
from jobs.adapters.kubernetes.kinds import CRON_JOB, DEPLOYMENT, STATEFUL_SET, Kind
from jobs.adapters.kubernetes.labels import selector, service_labels
from jobs.adapters.kubernetes.rollout import check_rollout
from jobs.errors import NotYet, Overtaken, Permanent
from jobs.ports import Desired
from models.configuration import DeploymentSettings, ImageSource, ServiceConfiguration
from tests.jobs.adapters.kubernetes.places import FENCE, Place, pod_spec, settled

CONFIGURATION = ServiceConfiguration(source=ImageSource(image="example.com/app:1"))
#: What the embedded server takes for an image that no registry has, and for a program that ends at once.
MISSING = pod_spec("example.com/missing:1")
CRASHING = {"containers": [{"name": "app", "image": "example.com/app:1", "command": ["false"]}]}
UNREADY = {"simulate/pod": "notready"}
IMPATIENT = CONFIGURATION.model_copy(update={"deployment": DeploymentSettings(timeout_seconds=0)})


def check(place: Place, fence: int = FENCE, configuration: ServiceConfiguration = CONFIGURATION) -> None:
    check_rollout(place.api, place.service, Desired(configuration, "example.com/app:1", {}, 1, fence))


def roll_out(
    place: Place,
    kind: Kind,
    spec: JsonObject,
    fence: int = FENCE,
    *,
    on_pods: Mapping[str, str] | None = None,
    annotations: Mapping[str, str] | None = None,
) -> None:
    template = {"metadata": {"labels": service_labels(place.service), "annotations": on_pods or {}}, "spec": spec}
    body: dict[str, Any] = {"replicas": 2, "selector": {"matchLabels": selector(place.service)}, "template": template}
    if kind is STATEFUL_SET:
        body |= {"serviceName": "web", "podManagementPolicy": "Parallel"}
    place.apply(kind, "web", {"spec": body}, fence=fence, annotations=annotations)


@pytest.mark.parametrize("kind", [DEPLOYMENT, STATEFUL_SET])
def test_it_goes_on_until_all_pods_are_available(staging: Place, kind: Kind) -> None:
    roll_out(staging, kind, pod_spec())

    with pytest.raises(NotYet) as not_yet:
        check(staging)
    settled(lambda: check(staging))

    assert not_yet.value.total == 2
    assert (not_yet.value.done or 0) < 2


def test_an_image_that_no_registry_has_fails_while_the_old_pods_keep_serving(staging: Place) -> None:
    roll_out(staging, DEPLOYMENT, pod_spec())
    settled(lambda: check(staging))
    roll_out(staging, DEPLOYMENT, MISSING, FENCE + 1)

    with pytest.raises(Permanent) as failed:
        settled(lambda: check(staging, FENCE + 1))

    message = failed.value.message
    assert "Deployment web was not rolled out" in message
    assert "container app: ImagePullBackOff" in message
    assert "example.com/missing:1" in message
    assert "The 2 ready pods of the revision before keep serving." in message


@pytest.mark.parametrize("kind", [DEPLOYMENT, STATEFUL_SET])
def test_a_crash_loop_fails_with_its_log_and_events(staging: Place, kind: Kind) -> None:
    roll_out(staging, kind, CRASHING)

    with pytest.raises(Permanent) as failed:
        settled(lambda: check(staging))

    message = failed.value.message
    assert "container app: CrashLoopBackOff" in message
    assert "exit code 1" in message
    assert "restarts" in message
    assert "fatal: false ended with exit code 1" in message
    assert "Events: BackOff: Back-off restarting failed container" in message
    assert "keep serving" not in message


def test_a_refused_pod_fails_with_the_quota_that_refuses_it(staging: Place) -> None:
    staging.make(Kind("v1", "ResourceQuota", "resourcequotas"), "tight", {"spec": {"hard": {"pods": "1"}}})
    roll_out(staging, DEPLOYMENT, pod_spec())

    with pytest.raises(Permanent, match=r"FailedCreate: .*exceeded quota: tight"):
        settled(lambda: check(staging))


def test_a_refused_pod_of_a_stateful_set_fails_too(staging: Place) -> None:
    staging.make(Kind("v1", "ResourceQuota", "resourcequotas"), "tight", {"spec": {"hard": {"pods": "1"}}})
    roll_out(staging, STATEFUL_SET, pod_spec())

    with pytest.raises(Permanent, match=r"FailedCreate: .*exceeded quota: tight"):
        settled(lambda: check(staging))


@pytest.mark.parametrize("kind", [DEPLOYMENT, STATEFUL_SET])
def test_a_deadline_ends_what_never_gets_ready(staging: Place, kind: Kind) -> None:
    roll_out(staging, kind, pod_spec(), on_pods=UNREADY)

    with pytest.raises(NotYet):
        check(staging)
    with pytest.raises(Permanent, match=r"did not finish until \d\d:\d\d:\d\d UTC"):
        check(staging, configuration=IMPATIENT)


def test_a_cron_job_has_nothing_to_roll_out(staging: Place) -> None:
    template = {"spec": {**pod_spec(), "restartPolicy": "Never"}}
    spec = {"schedule": "0 3 * * *", "jobTemplate": {"spec": {"template": template}}}
    staging.apply(CRON_JOB, "web", {"spec": spec})

    check(staging)


def test_what_another_kind_left_behind_is_not_looked_at(staging: Place) -> None:
    roll_out(staging, DEPLOYMENT, CRASHING, FENCE - 1)
    roll_out(staging, STATEFUL_SET, pod_spec())

    settled(lambda: check(staging))


def test_a_newer_operation_has_taken_over(staging: Place) -> None:
    roll_out(staging, DEPLOYMENT, pod_spec(), FENCE + 1)

    with pytest.raises(Overtaken):
        check(staging)


def test_what_was_removed_by_hand_is_not_waited_for(staging: Place) -> None:
    with pytest.raises(Permanent, match="service web was removed"):
        check(staging)
