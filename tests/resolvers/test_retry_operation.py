"""retryOperation."""

import pytest

from models.columns import new_id
from models.operation import Operation
from models.vocabulary import EnvironmentPhase, OperationStatus
from tests.resolvers.mutating import Asked, at_once, mutate, nothing_changed
from tests.resolvers.running_api import Api
from tests.resolvers.seeding import operation_in, operation_row, running, set_phase, unused_name


@pytest.mark.parametrize("status", [OperationStatus.FAILED, OperationStatus.CANCELLED])
def test_an_ended_operation_is_queued_again(api: Api, status: OperationStatus) -> None:
    operation = operation_in(running(api, "web"), status, "web")

    answer = mutate(api, "retryOperation", operationId=operation)

    assert answer["__typename"] == "RetryOperationAccepted"
    assert (answer["operation"]["id"], answer["operation"]["status"]) == (operation, "QUEUED")
    assert answer["operation"]["environment"]["phase"] == "UPDATING"
    assert operation_row(api, operation).failure is None


@pytest.mark.parametrize("status", [OperationStatus.QUEUED, OperationStatus.RUNNING, OperationStatus.SUCCEEDED])
def test_others_are_not_retryable(api: Api, status: OperationStatus) -> None:
    operation = operation_in(running(api, "web"), status, "web")

    with nothing_changed(api):
        answer = mutate(api, "retryOperation", operationId=operation)

    assert answer["__typename"] == "OperationNotRetryable"
    assert answer["kept"] == {"id": operation, "status": status}


def test_one_that_was_overtaken_is_not_retryable(api: Api) -> None:
    staging = running(api, "web")
    failed = operation_in(staging, OperationStatus.FAILED, "web")
    newer = operation_in(staging, OperationStatus.SUCCEEDED, "web")

    with nothing_changed(api):
        answer = mutate(api, "retryOperation", operationId=failed)

    assert answer["__typename"] == "OperationNotRetryable"
    assert newer in answer["message"]


def test_nothing_goes_on_in_what_is_being_destroyed(api: Api) -> None:
    staging = running(api, "web")
    failed = operation_in(staging, OperationStatus.FAILED, "web")
    set_phase(staging, EnvironmentPhase.DESTROYING)

    with nothing_changed(api):
        answer = mutate(api, "retryOperation", operationId=failed)

    assert (answer["__typename"], answer["phase"]) == ("PhaseConflict", "DESTROYING")


@pytest.mark.parametrize("given", ["", new_id("opr"), new_id("svc")])
def test_an_unknown_operation_is_not_found(api: Api, given: str) -> None:
    with nothing_changed(api):
        answer = mutate(api, "retryOperation", operationId=given)

    assert answer["__typename"] == "NotFound"


def test_concurrent_calls_with_one_key_retry_once(api: Api) -> None:
    staging = running(api, "web")
    operation = operation_in(staging, OperationStatus.FAILED, "web")
    asked: Asked = {"operationId": operation, "idempotencyKey": unused_name()}

    answers = at_once(api, "retryOperation", asked)
    version = operation_row(api, operation).version
    with api.database.writing() as session:
        session.get_one(Operation, operation).status = OperationStatus.FAILED  # it fails again
    with nothing_changed(api):
        again = mutate(api, "retryOperation", **asked)
        clash = mutate(api, "retryOperation", **{**asked, "operationId": new_id("opr")})

    assert {answer["__typename"] for answer in answers} == {"RetryOperationAccepted"}
    assert (again["__typename"], again["operation"]["status"]) == ("RetryOperationAccepted", "FAILED")
    assert operation_row(api, operation).version == version
    assert (clash["__typename"], clash["idempotent"]) == ("IdempotencyConflict", {"id": operation})
