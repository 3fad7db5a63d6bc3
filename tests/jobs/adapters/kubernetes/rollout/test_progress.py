"""How far a rollout is, from what its controller says."""

from typing import Any

import pytest

from jobs.adapters.kubernetes.json import JsonObject
from jobs.adapters.kubernetes.rollout.deployments import deployment_progress
from jobs.adapters.kubernetes.rollout.stateful_sets import stateful_set_progress


def deployment(conditions: list[JsonObject] | None = None, **status: Any) -> JsonObject:
    return {
        "metadata": {"name": "web", "generation": 4},
        "spec": {"replicas": 3},
        "status": {"observedGeneration": 4, "conditions": conditions or [], **status},
    }


@pytest.mark.parametrize(
    ("status", "done", "complete"),
    [
        ({"replicas": 3, "updatedReplicas": 3, "availableReplicas": 3}, 3, True),
        ({"replicas": 3, "updatedReplicas": 3, "availableReplicas": 3, "observedGeneration": 3}, 0, False),
        ({"replicas": 4, "updatedReplicas": 1, "availableReplicas": 3}, 0, False),
        ({"replicas": 4, "updatedReplicas": 3, "availableReplicas": 4}, 3, False),
        ({"replicas": 3, "updatedReplicas": 3, "availableReplicas": 2}, 2, False),
        ({}, 0, False),
    ],
)
def test_a_deployment_is_done_when_all_are_new_and_available(status: JsonObject, done: int, complete: bool) -> None:
    progress = deployment_progress(deployment(**status))

    assert (progress.done, progress.complete) == (done, complete)


@pytest.mark.parametrize(
    ("condition", "failure"),
    [
        (("Progressing", "False", "ProgressDeadlineExceeded", "timed out"), "ProgressDeadlineExceeded: timed out"),
        (("ReplicaFailure", "True", "FailedCreate", "forbidden: quota"), "FailedCreate: forbidden: quota"),
        (("ReplicaFailure", "True", "FailedCreate", "failed calling webhook"), None),
        (("Progressing", "True", "ReplicaSetUpdated", ""), None),
    ],
)
def test_why_its_controller_gave_up(condition: tuple[str, str, str, str], failure: str | None) -> None:
    kind, status, reason, message = condition
    said = {"type": kind, "status": status, "reason": reason, "message": message}

    assert deployment_progress(deployment([said])).failure == failure


def test_a_paused_one_is_not_waited_for() -> None:
    paused = deployment()
    paused["spec"]["paused"] = True

    assert "kubectl rollout resume" in (deployment_progress(paused).failure or "")


@pytest.mark.parametrize(
    ("status", "done", "complete"),
    [
        ({"replicas": 3, "updatedReplicas": 3, "availableReplicas": 3, "currentRevision": "b"}, 3, True),
        ({"replicas": 3, "updatedReplicas": 3, "availableReplicas": 3, "currentRevision": "a"}, 3, False),
        ({"replicas": 3, "updatedReplicas": 1, "availableReplicas": 3, "currentRevision": "a"}, 1, False),
        ({"replicas": 3, "updatedReplicas": 3, "availableReplicas": 2, "currentRevision": "b"}, 2, False),
        ({"replicas": 3, "availableReplicas": 3, "currentRevision": "b", "observedGeneration": 3}, 0, False),
    ],
)
def test_a_stateful_set_is_done_when_its_revisions_are_one(status: JsonObject, done: int, complete: bool) -> None:
    progress = stateful_set_progress(deployment(updateRevision="b", **status))

    assert (progress.done, progress.complete) == (done, complete)
