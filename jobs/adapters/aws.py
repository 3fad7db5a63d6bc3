"""Clients for AWS, and what their failures mean."""

import logging
from collections.abc import Collection, Generator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ChecksumError,
    ClientError,
    CredentialRetrievalError,
    FlexibleChecksumError,
    HTTPClientError,
    IncompleteReadError,
    MetadataRetrievalError,
    NoCredentialsError,
    ResponseStreamingError,
    SSOError,
    TokenRetrievalError,
)
from botocore.exceptions import ConnectionError as NoConnection
from botocore.parsers import ResponseParserError

from jobs.adapters.limiter import Limiter
from jobs.errors import Permanent, Transient
from jobs.ports import Guard

if TYPE_CHECKING:
    from mypy_boto3_route53 import Route53Client
    from mypy_boto3_secretsmanager import SecretsManagerClient

#: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html#limits-api-requests
ROUTE53_REQUESTS_PER_SECOND = 5.0

TRANSIENT_CODES = frozenset(
    {
        "ExpiredToken",
        "ExpiredTokenException",
        "InternalFailure",
        "InternalServiceError",
        "PriorRequestNotComplete",
        "RequestExpired",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestTimeTooSkewed",
        "RequestTimeout",
        "ServiceUnavailable",
        "SlowDown",
        "TooManyRequestsException",
    }
)
#: Faults of the way there: before there is a connection, and on it.
FAULTS_OF_THE_WAY = (NoConnection, HTTPClientError)
#: Those, answers that came half, and credentials that are renewed by somebody else and may be a moment late.
TRANSIENT_FAULTS = (
    *FAULTS_OF_THE_WAY,
    ChecksumError,
    FlexibleChecksumError,
    IncompleteReadError,
    ResponseParserError,
    ResponseStreamingError,
    CredentialRetrievalError,
    MetadataRetrievalError,
    NoCredentialsError,
    SSOError,
    TokenRetrievalError,
)


#: Whom a request asks before each of its attempts: botocore passes nothing of ours on to where it makes them.
_guard: ContextVar[Guard | None] = ContextVar("guard", default=None)


@dataclass(frozen=True)
class AwsClients:
    route53: "Route53Client"
    secrets: "SecretsManagerClient"


def aws_clients(
    endpoint_url: str | None,
    region: str,
    *,
    route53_per_second: float = ROUTE53_REQUESTS_PER_SECOND,
    timeout: float = 15.0,
) -> AwsClients:
    """The clients of this process; make them once, they may be shared by threads.

    Credentials are looked up where boto3 does. Every attempt of a Route53 request, retries and pages included, waits
    for its turn: the quota is the account's, so give several processes a share of it each.
    """
    # At debug level botocore logs the parameters of every request, secret values among them.
    logging.getLogger("botocore").setLevel(logging.INFO)
    session: Any = boto3.Session(region_name=region)
    config = Config(
        retries={"mode": "standard", "max_attempts": 3},
        connect_timeout=min(5.0, timeout),
        read_timeout=timeout,
        tcp_keepalive=True,
        max_pool_connections=32,
    )
    route53: Route53Client = session.client("route53", endpoint_url=endpoint_url, config=config)
    secrets: SecretsManagerClient = session.client("secretsmanager", endpoint_url=endpoint_url, config=config)
    limiter = Limiter(route53_per_second, burst=round(route53_per_second))

    def wait_for_turn(**_: object) -> None:
        limiter.take()

    route53.meta.events.register("before-send.route-53", wait_for_turn)
    for client in (route53, secrets):
        client.meta.events.register_last("before-send", _ask_guard)
    return AwsClients(route53, secrets)


def _ask_guard(**_: object) -> None:
    if (guard := _guard.get()) is not None:
        guard()


@contextmanager
def guarded_by(guard: Guard) -> Generator[None]:
    """Around a request that changes something: `guard` is asked before each attempt, botocore's retries included."""
    token = _guard.set(guard)
    try:
        yield
    finally:
        _guard.reset(token)


class Expected(Exception):
    """An error that the caller of a request knows what to do about."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code


@contextmanager
def calling(what: str, *, expected: Collection[str] = ()) -> Generator[None]:
    """Around a request: whatever fails becomes Transient or Permanent, naming `what` (operation and object).

    Error codes that are `expected` become Expected. The original is not chained, and only faults of the way are told in
    their own words: a parameter that botocore refuses stands in its text, and that may be a secret.
    """
    try:
        yield
    except ClientError as error:
        raise _meaning(what, error, expected) from None
    except FAULTS_OF_THE_WAY as fault:
        raise Transient(f"{what}: {fault}") from None
    except TRANSIENT_FAULTS as fault:
        raise Transient(f"{what}: {type(fault).__name__}") from None
    except BotoCoreError as error:
        raise Permanent(f"{what}: {type(error).__name__}") from None


def _meaning(what: str, error: ClientError, expected: Collection[str]) -> Expected | Transient | Permanent:
    code = error.response.get("Error", {}).get("Code", "")
    message = error.response.get("Error", {}).get("Message", "")
    if code in expected:
        return Expected(code, message)
    text = f"{what}: {code}: {message}"
    metadata = error.response.get("ResponseMetadata", {})
    status = metadata.get("HTTPStatusCode", 0)
    garbled = code == str(status)  # botocore's word for an answer that it can't read, half of one for example
    if garbled or status >= 500 or status == 429 or code in TRANSIENT_CODES or code.startswith("Throttl"):
        return Transient(text, retry_after=_seconds(metadata.get("HTTPHeaders", {}).get("retry-after", "")))
    return Permanent(text)


def _seconds(header: str) -> float | None:
    return float(header) if header.isdecimal() else None
