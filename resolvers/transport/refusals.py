"""How the endpoint says no: a list of GraphQL errors, each with a code, and a status for HTTP."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from graphql import GraphQLFormattedError


class Code(StrEnum):
    """What `extensions.code` says about an error that the endpoint itself reports."""

    BAD_REQUEST = "BAD_REQUEST"
    BATCHING_NOT_SUPPORTED = "BATCHING_NOT_SUPPORTED"
    METHOD_NOT_ALLOWED = "METHOD_NOT_ALLOWED"
    NOT_ACCEPTABLE = "NOT_ACCEPTABLE"
    UNSUPPORTED_MEDIA_TYPE = "UNSUPPORTED_MEDIA_TYPE"
    PAYLOAD_TOO_LARGE = "PAYLOAD_TOO_LARGE"
    REQUEST_TIMEOUT = "REQUEST_TIMEOUT"
    GRAPHQL_PARSE_FAILED = "GRAPHQL_PARSE_FAILED"
    GRAPHQL_VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED"
    BAD_USER_INPUT = "BAD_USER_INPUT"
    OPERATION_RESOLUTION_FAILURE = "OPERATION_RESOLUTION_FAILURE"
    TOKEN_LIMIT_EXCEEDED = "TOKEN_LIMIT_EXCEEDED"  # noqa: S105 tokens of a document
    DEPTH_LIMIT_EXCEEDED = "DEPTH_LIMIT_EXCEEDED"
    ALIAS_LIMIT_EXCEEDED = "ALIAS_LIMIT_EXCEEDED"
    DIRECTIVE_LIMIT_EXCEEDED = "DIRECTIVE_LIMIT_EXCEEDED"
    SELECTION_LIMIT_EXCEEDED = "SELECTION_LIMIT_EXCEEDED"
    COST_LIMIT_EXCEEDED = "COST_LIMIT_EXCEEDED"
    TOO_MANY_OPERATIONS = "TOO_MANY_OPERATIONS"
    TOO_MANY_CONNECTIONS = "TOO_MANY_CONNECTIONS"
    UNAUTHENTICATED = "UNAUTHENTICATED"
    FORBIDDEN = "FORBIDDEN"
    IDENTITY_UNAVAILABLE = "IDENTITY_UNAVAILABLE"
    RATE_LIMITED = "RATE_LIMITED"
    INTERNAL_SERVER_ERROR = "INTERNAL_SERVER_ERROR"


def formatted(message: str, code: Code) -> GraphQLFormattedError:
    """An error without a place in the document."""
    return {"message": message, "extensions": {"code": code}}


class Refusal(Exception):
    """A request that is not executed, or an operation that ended in errors without data.

    `understood`: the request itself was well-formed and its document was looked at. A client that asks for
    `application/json` is then answered 200, as GraphQL over HTTP wants.
    """

    def __init__(
        self,
        errors: Sequence[GraphQLFormattedError],
        *,
        status: int = 400,
        understood: bool = False,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__("; ".join(error.get("message", "") for error in errors))
        self.errors = list(errors)
        self.status = status
        self.understood = understood
        self.headers = dict(headers or {})


def refuse(message: str, code: Code, status: int = 400, **headers: str) -> Refusal:
    """A refusal with one error. Header names are written with underscores."""
    return Refusal(
        [formatted(message, code)],
        status=status,
        headers={name.replace("_", "-"): value for name, value in headers.items()},
    )


def unauthenticated(message: str = "Authentication is required.") -> Refusal:
    """Raised by the product where it cannot tell who is calling."""
    return refuse(message, Code.UNAUTHENTICATED, 401, www_authenticate="Bearer")


def forbidden(message: str = "Not allowed.") -> Refusal:
    """Raised by the product where the caller may not use the API at all."""
    return refuse(message, Code.FORBIDDEN, 403)
