"""Which trouble of a pod is final, and which may pass."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from jobs.adapters.kubernetes.json import JsonObject
from jobs.adapters.kubernetes.rollout.pods import SETTLED_SECONDS, Trouble, stays_refused, worst

GONE = 'Back-off pulling image "x": ErrImagePull: manifest unknown'


def pod(age: float = 1.0, *, conditions: list[JsonObject] | None = None, **status: Any) -> JsonObject:
    made = datetime.now(UTC) - timedelta(seconds=age)
    container = {"name": "app", "restartCount": 0, **status}
    return {
        "metadata": {"name": "web-1", "uid": "u", "creationTimestamp": made.isoformat()},
        "status": {"containerStatuses": [container], "conditions": conditions or []},
    }


def waiting(reason: str, message: str = "") -> JsonObject:
    return {"waiting": {"reason": reason, "message": message}}


def trouble(thing: JsonObject) -> Trouble:
    found = worst([thing])
    assert found is not None
    return found


ENDED = {"terminated": {"exitCode": 137, "reason": "OOMKilled"}}


@pytest.mark.parametrize(
    ("state", "restarts", "age", "final"),
    [
        (waiting("InvalidImageName"), 0, 0, True),
        (waiting("ErrImageNeverPull"), 0, 0, True),
        (waiting("ErrImagePull", "manifest unknown"), 0, 100, False),
        (waiting("ImagePullBackOff", GONE), 0, 0, True),
        (waiting("ImagePullBackOff", "unauthorized: access denied"), 0, 0, True),
        (waiting("ImagePullBackOff", "i/o timeout"), 0, 1, False),
        (waiting("ImagePullBackOff", "i/o timeout"), 0, SETTLED_SECONDS + 1, True),
        (waiting("CrashLoopBackOff"), 1, 1, False),
        (waiting("CrashLoopBackOff"), 2, 1, True),
        (waiting("CrashLoopBackOff"), 1, SETTLED_SECONDS + 1, True),
        (waiting("CreateContainerConfigError", 'secret "web" not found'), 0, 1, False),
        (waiting("CreateContainerConfigError", 'secret "web" not found'), 0, SETTLED_SECONDS + 1, True),
        (ENDED, 1, 100, False),
    ],
)
def test_what_never_passes_fails_soon_and_a_blip_does_not(
    state: JsonObject, restarts: int, age: float, final: bool
) -> None:
    assert trouble(pod(age, state=state, restartCount=restarts)).final is final


@pytest.mark.parametrize("reason", ["ContainerCreating", "PodInitializing"])
def test_starting_is_no_trouble(reason: str) -> None:
    assert worst([pod(100, state=waiting(reason))]) is None


def test_a_ready_pod_has_none() -> None:
    ready = [{"type": "Ready", "status": "True"}]
    assert worst([pod(conditions=ready, state={"running": {}}, lastState=ENDED, restartCount=5)]) is None


def test_what_killed_it_is_said() -> None:
    found = trouble(pod(state=waiting("CrashLoopBackOff", "back-off 20s"), lastState=ENDED, restartCount=3))

    assert str(found) == (
        "pod web-1, container app: CrashLoopBackOff: back-off 20s; it ended with OOMKilled, exit code 137; 3 restarts"
    )
    assert found.crashed


def test_a_pod_without_a_node_waits_for_one() -> None:
    found = trouble(
        pod(
            100,
            conditions=[
                {"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "0/3 nodes: cpu"}
            ],
        )
    )

    assert (found.reason, found.message, found.final) == ("Unschedulable", "0/3 nodes: cpu", False)


def test_the_final_one_is_told_of() -> None:
    passing = pod(state=waiting("CrashLoopBackOff"), restartCount=1)
    final = pod(state=waiting("InvalidImageName"))

    assert trouble(final) == worst([passing, final, passing])


def test_init_containers_count() -> None:
    thing = pod(state=waiting("PodInitializing"))
    thing["status"]["initContainerStatuses"] = [
        {"name": "migrate", "restartCount": 4, "state": waiting("CrashLoopBackOff"), "lastState": ENDED}
    ]

    assert trouble(thing).container == "migrate"


@pytest.mark.parametrize(
    ("message", "stays"),
    [
        ('pods "web" is forbidden: exceeded quota: tight', True),
        ('admission webhook "policy" denied the request: no', True),
        ('Internal error occurred: failed calling webhook "policy": connection refused', False),
    ],
)
def test_a_refusal_by_rule_stays_and_a_broken_webhook_may_pass(message: str, stays: bool) -> None:
    assert stays_refused(message) is stays
