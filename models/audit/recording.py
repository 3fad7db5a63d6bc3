"""Carries a mutation out and writes it into the audit log, or writes that it was refused."""

from collections.abc import Callable, Mapping
from typing import Concatenate, ParamSpec, TypeVar

from pydantic.alias_generators import to_camel
from sqlmodel import Session

from models.audit.entry import AuditEntry
from models.audit.objects import object_of_arguments, object_of_result
from models.audit.observing import observed
from models.mutations.request import Request
from models.refusals import Refusal
from models.rows import write_rows
from models.vocabulary import AuditOutcome

P = ParamSpec("P")
R = TypeVar("R")

#: Some repeat what was given.
_MAX_MESSAGE = 2000


def audited(
    session: Session,
    mutation: Callable[Concatenate[Session, Request, P], R],
    request: Request,
    *args: P.args,
    **kwargs: P.kwargs,
) -> R:
    """What the mutation returns; its entry is part of its transaction. Raises what it raises."""
    with observed(session) as seen:
        result = mutation(session, request, *args, **kwargs)
    about = object_of_result(session, result)
    write_rows(
        session,
        AuditEntry(
            caller=request.caller,
            caller_name=request.access.shown_name,
            source=request.source,
            mutation=_name_of(mutation),
            outcome=AuditOutcome.ACCEPTED,
            project=about.project,
            object_id=about.id,
            object_name=about.name,
            changes=list(seen.changes()),
        ),
    )
    return result


def record_refusal(
    session: Session, mutation: Callable[..., object], request: Request, refusal: Refusal, **arguments: object
) -> None:
    """In a transaction of its own: the mutation's has been rolled back, so nothing was changed."""
    message = refusal.message[:_MAX_MESSAGE]
    record_turned_away(session, _name_of(mutation), request, type(refusal).__name__, message, arguments)


def record_turned_away(
    session: Session, mutation: str, request: Request, refusal: str, message: str, arguments: Mapping[str, object]
) -> None:
    """Without a look at whether it could have been accepted. `refusal` is the error's type or its code."""
    about = object_of_arguments(session, arguments)
    write_rows(
        session,
        AuditEntry(
            caller=request.caller,
            caller_name=request.access.shown_name,
            source=request.source,
            mutation=mutation,
            outcome=AuditOutcome.REFUSED,
            project=about.project,
            object_id=about.id,
            object_name=about.name,
            refusal=refusal,
            message=message,
        ),
    )


def _name_of(mutation: Callable[..., object]) -> str:
    """As the API spells it."""
    return to_camel(mutation.__name__)
