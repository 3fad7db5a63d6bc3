"""Refusals of the models, as clients read them: each becomes the contract's type of its name."""

import functools
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, ParamSpec, TypeVar, cast

from models import refusals
from models.mutations.request import Accepted
from models.refusals import Refusal
from models.service import Service
from resolvers.context import Info
from schema import errors

P = ParamSpec("P")
R = TypeVar("R")

_PLAIN: dict[type[Refusal], type[errors.Error]] = {
    refusals.NotFound: errors.NotFound,
    refusals.Forbidden: errors.Forbidden,
    refusals.AlreadyExists: errors.AlreadyExists,
    refusals.ServiceNotAvailable: errors.ServiceNotAvailable,
    refusals.ConfirmationMismatch: errors.ConfirmationMismatch,
    refusals.ProtectedFromRemoval: errors.ProtectedFromRemoval,
}


def answering(resolver: Callable[P, Awaitable[R]]) -> Callable[P, Awaitable[R]]:
    """A mutation whose refusals are answers, and which a client that goes away does not stop midway.

    It sees nothing that an earlier mutation of the operation loaded.
    """
    answer = refusals_answered(resolver)

    @functools.wraps(resolver)
    async def afresh(*args: P.args, **kwargs: P.kwargs) -> R:
        context = cast("Info", kwargs["info"]).context
        context.forget()
        return await context.process.mutations.run(answer(*args, **kwargs))

    return afresh


def refusals_answered(resolver: Callable[P, Awaitable[R]]) -> Callable[P, Coroutine[Any, Any, R]]:
    """A field whose refusals are answers."""

    @functools.wraps(resolver)
    async def answer(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return await resolver(*args, **kwargs)
        except Refusal as refusal:
            return cast("R", error_of(refusal))

    return answer


def error_of(refusal: Refusal) -> errors.Error:
    """Raises KeyError for a refusal that the contract does not know: that is a defect of ours."""
    message = refusal.message
    match refusal:
        case refusals.InvalidInput(issues=issues):
            shown = [errors.InputIssue(path=list(issue.path), message=issue.message) for issue in issues]
            return errors.InvalidInput(message=message, issues=shown)
        case refusals.PhaseConflict(phase=phase):
            return errors.PhaseConflict(message=message, phase=phase)
        case refusals.RevisionConflict(revision=revision):
            return errors.RevisionConflict(message=message, revision=revision)
        case refusals.PlanChanged(environment_id=environment_id):
            return errors.PlanChanged(message=message, environment_id=environment_id)
        case refusals.IdempotencyConflict(operation_id=operation_id):
            return errors.IdempotencyConflict(message=message, operation_id=operation_id)
        case refusals.OperationNotRetryable(operation_id=operation_id):
            return errors.OperationNotRetryable(message=message, operation_id=operation_id)
        case refusals.OperationNotCancellable(operation_id=operation_id):
            return errors.OperationNotCancellable(message=message, operation_id=operation_id)
        case _:
            return _PLAIN[type(refusal)](message=message)


def service_of(accepted: Accepted) -> Service:
    """The service of an accepted change. Raises NotFound when a repeated request comes after it was deleted."""
    if accepted.service is None:
        operation = accepted.operation
        raise refusals.NotFound(
            f"This was accepted before, as operation {operation.id}, and service {operation.service_name!r} has been "
            "deleted since."
        )
    return accepted.service
