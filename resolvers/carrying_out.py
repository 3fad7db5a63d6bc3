"""Carries a mutation of the models out: in one transaction, and on record."""

from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from sqlmodel import Session

from models.audit.recording import audited, record_refusal
from models.mutations.request import Request
from models.refusals import Refusal
from resolvers.context import OperationContext
from resolvers.inputs import request_of, require_texts

P = ParamSpec("P")
R = TypeVar("R")


async def carry_out(
    context: OperationContext,
    mutation: Callable[Concatenate[Session, Request, P], R],
    asked: object,
    *args: P.args,
    **kwargs: P.kwargs,
) -> R:
    """What the mutation returns, committed. Raises what it raises; a refusal is in the audit log then.

    `asked` is the whole input. Raises InvalidInput for texts in it that no database holds.
    """
    request = request_of(context, mutation.__name__, asked)
    try:
        require_texts(asked)
        return await context.write(audited, mutation, request, *args, **kwargs)
    except Refusal as refusal:
        await context.write(record_refusal, mutation, request, refusal, **kwargs)
        raise
