"""What clients may read of an error. The only place that catches everything."""

from collections.abc import Generator
from contextlib import contextmanager
from uuid import uuid4

import structlog
from graphql import GraphQLError, GraphQLFormattedError

from resolvers.transport.discretion import Hide, hides_nothing
from resolvers.transport.refusals import Code, Refusal


def describe(error: Exception, code: Code | None = None, hide: Hide = hides_nothing) -> GraphQLFormattedError:
    """The error as clients see it: expected ones as they are, all others as an id that is in the log.

    `code` is what expected errors without a code of their own get. `hide` is asked about the words of graphql-core,
    never about those of resolvers: they were written for clients.
    """
    if not isinstance(error, GraphQLError):
        return _masked(error)
    cause = _foreign_cause(error)
    if cause is not None and error.path is not None:
        return {**error.formatted, **_masked(cause)}
    if cause is not None:
        return _described_input(error, cause, code, hide)
    of_input = _code_of(error)
    described = error.formatted if error.path is not None and of_input is None else _hidden(error, error.message, hide)
    return _with_code(described, code or of_input)


@contextmanager
def failures_masked() -> Generator[None]:
    """Turns every exception but a refusal into one that tells nothing."""
    try:
        yield
    except Refusal:
        raise
    except Exception as error:
        expected = isinstance(error, GraphQLError) and _foreign_cause(error) is None
        raise Refusal([describe(error)], status=400 if expected else 500, understood=expected) from error


def _described_input(error: GraphQLError, cause: Exception, code: Code | None, hide: Hide) -> GraphQLFormattedError:
    """A value that a scalar's parser did not take: said without the parser's own words, which may tell anything."""
    message = error.message.replace(f", but encountered error '{cause}'", "")
    if str(cause) and str(cause) in message:
        return _masked(cause)
    return _with_code(_hidden(error, message, hide), code)


def _hidden(error: GraphQLError, message: str, hide: Hide) -> GraphQLFormattedError:
    return {**error.formatted, "message": hide(message)}


def _code_of(error: GraphQLError) -> Code | None:
    """That of an argument which only execution could refuse (null in a variable, for one that has a default).

    graphql-core says where in the document the cause is; resolvers never do.
    """
    cause = error.original_error
    return Code.BAD_USER_INPUT if isinstance(cause, GraphQLError) and cause.nodes else None


def _foreign_cause(error: GraphQLError) -> Exception | None:
    """The first exception below that nobody wrote for clients."""
    cause = error.original_error
    while isinstance(cause, GraphQLError):
        cause = cause.original_error
    return cause


def _masked(error: Exception) -> GraphQLFormattedError:
    reference = uuid4().hex
    structlog.get_logger(__name__).error("unexpected error", reference=reference, exc_info=error)
    return {
        "message": f"Internal server error. Reference: {reference}",
        "extensions": {"code": Code.INTERNAL_SERVER_ERROR, "id": reference},
    }


def _with_code(described: GraphQLFormattedError, code: Code | None) -> GraphQLFormattedError:
    if code is None or "code" in described.get("extensions", {}):
        return described
    return {**described, "extensions": {**described.get("extensions", {}), "code": code}}
