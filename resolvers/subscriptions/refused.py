"""Why a subscription is refused, as clients read it: `extensions.code` says what to do."""

from collections.abc import Generator
from contextlib import contextmanager

from graphql import GraphQLError

from models.reads.cursors import CursorRefused
from models.refusals import NotFound

NOT_FOUND = "NOT_FOUND"


@contextmanager
def refusals_as_errors() -> Generator[None]:
    """NOT_FOUND, CURSOR_INVALID, CURSOR_AHEAD or CURSOR_EXPIRED."""
    try:
        yield
    except NotFound as refusal:
        raise GraphQLError(refusal.message, extensions={"code": NOT_FOUND}) from None
    except CursorRefused as refusal:
        raise GraphQLError(refusal.message, extensions={"code": refusal.problem.value}) from None
