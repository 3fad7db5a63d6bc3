"""cancelOperation."""

import pytest

from models.columns import new_id
from models.vocabulary import OperationStatus
from tests.resolvers.mutating import Asked, at_once, mutate, nothing_changed
from tests.resolvers.running_api import Api
from tests.resolvers.seeding import operation_in, operation_row, running, unused_name


def test_a_queued_operation_ends_at_once(api: Api) -> None:
    staging = running(api, "web")
    operation = operation_in(staging, OperationStatus.QUEUED, "web")

    answer = mutate(api, "cancelOperation", operationId=operation)

    assert answer["__typename"] == "CancelOperationAccepted"
    assert answer["operation"]["status"] == "CANCELLED"
    assert {step["status"] for step in answer["operation"]["steps"]} == {"SKIPPED"}
    assert answer["operation"]["environment"]["phase"] == "ACTIVE"


def test_a_running_operation_is_asked_to_stop_once(api: Api) -> None:
    staging = running(api, "web")
    operation = operation_in(staging, OperationStatus.RUNNING, "web")

    answer = mutate(api, "cancelOperation", operationId=operation)
    version = operation_row(api, operation).version
    with nothing_changed(api):
        again = mutate(api, "cancelOperation", operationId=operation)

    assert answer["operation"]["status"] == again["operation"]["status"] == "CANCELLING"
    assert operation_row(api, operation).version == version


@pytest.mark.parametrize("status", [OperationStatus.SUCCEEDED, OperationStatus.FAILED, OperationStatus.CANCELLED])
def test_an_ended_operation_is_not_cancellable(api: Api, status: OperationStatus) -> None:
    operation = operation_in(running(api, "web"), status, "web")

    with nothing_changed(api):
        answer = mutate(api, "cancelOperation", operationId=operation)

    assert answer["__typename"] == "OperationNotCancellable"
    assert answer["kept"] == {"id": operation, "status": status}


def test_what_began_to_remove_is_not_cancellable(api: Api) -> None:
    operation = operation_in(running(api, "web"), OperationStatus.RUNNING, "web", removal_began=True)

    with nothing_changed(api):
        answer = mutate(api, "cancelOperation", operationId=operation)

    assert answer["__typename"] == "OperationNotCancellable"
    assert "can't be undone" in answer["message"]


@pytest.mark.parametrize("given", ["", new_id("opr"), new_id("env")])
def test_an_unknown_operation_is_not_found(api: Api, given: str) -> None:
    with nothing_changed(api):
        answer = mutate(api, "cancelOperation", operationId=given)

    assert answer["__typename"] == "NotFound"


def test_concurrent_calls_with_one_key_cancel_once(api: Api) -> None:
    operation = operation_in(running(api, "web"), OperationStatus.QUEUED, "web")
    asked: Asked = {"operationId": operation, "idempotencyKey": unused_name()}

    answers = at_once(api, "cancelOperation", asked)
    with nothing_changed(api):
        again = mutate(api, "cancelOperation", **asked)
        clash = mutate(api, "cancelOperation", **{**asked, "operationId": new_id("opr")})
        fresh = mutate(api, "cancelOperation", operationId=operation, idempotencyKey=unused_name())

    assert {(answer["__typename"], answer["operation"]["status"]) for answer in (*answers, again)} == {
        ("CancelOperationAccepted", "CANCELLED")
    }
    assert (clash["__typename"], clash["idempotent"]) == ("IdempotencyConflict", {"id": operation})
    assert fresh["__typename"] == "OperationNotCancellable"
