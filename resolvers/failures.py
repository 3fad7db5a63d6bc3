"""Errors that are no answer of a mutation: what clients read in `errors`, each with a code."""

from collections.abc import Generator
from contextlib import contextmanager
from enum import StrEnum

import structlog
from graphql import GraphQLError

from models.database import AWAY
from models.reads.cursors import CursorRefused
from models.refusals import NotFound

log = structlog.get_logger("phaseline.api")


class FailureCode(StrEnum):
    """What `extensions.code` says."""

    #: An argument can't be.
    BAD_USER_INPUT = "BAD_USER_INPUT"
    #: The database can't be reached, or is too busy.
    UNAVAILABLE = "UNAVAILABLE"
    #: What only a worker can look up was asked, and none answered in time.
    NO_WORKER_ANSWERED = "NO_WORKER_ANSWERED"
    #: A worker looked, and could not find out.
    LOOKUP_FAILED = "LOOKUP_FAILED"
    #: The object was removed while it was asked for.
    GONE = "GONE"
    #: The caller's role is too low.
    FORBIDDEN = "FORBIDDEN"
    #: What was to be followed does not exist, or the caller may not see it.
    NOT_FOUND = "NOT_FOUND"
    #: `after` is no cursor, or one of another environment or project.
    CURSOR_INVALID = "CURSOR_INVALID"
    #: `after` is ahead of the last transition: the database was restored from a backup.
    CURSOR_AHEAD = "CURSOR_AHEAD"
    #: What came behind `after` has been removed from history.
    CURSOR_EXPIRED = "CURSOR_EXPIRED"


def failure(message: str, code: FailureCode) -> GraphQLError:
    return GraphQLError(message, extensions={"code": code})


@contextmanager
def refusals_told() -> Generator[None]:
    """Says why something can't be followed, or not from there on."""
    try:
        yield
    except NotFound as refusal:
        raise failure(refusal.message, FailureCode.NOT_FOUND) from None
    except CursorRefused as refusal:
        raise failure(refusal.message, FailureCode(refusal.problem)) from None


@contextmanager
def unavailability_told() -> Generator[None]:
    """Says in clear words that the database is away. What was under way has been rolled back."""
    try:
        yield
    except AWAY as error:
        # The driver's own words: those of SQLAlchemy hold the statement with its values
        log.error("the database is away", error=str(getattr(error, "orig", error)))
        raise failure(
            "The database can't be reached, or is too busy. Try again shortly; a mutation that is sent again with its "
            "idempotencyKey does nothing twice.",
            FailureCode.UNAVAILABLE,
        ) from None
