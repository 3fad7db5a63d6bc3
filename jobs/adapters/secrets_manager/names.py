"""How a service's secret is called, marked and versioned. Pure."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from jobs.errors import Permanent
from jobs.ports import EnvironmentRef, ServiceRef

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager.type_defs import TagTypeDef

#: https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html
MOST_BYTES = 65_536
ENVIRONMENT_TAG = "phaseline:environment"
SERVICE_TAG = "phaseline:service"
PREFIX = "phaseline"
VERSION = re.compile(rf"{PREFIX}-([0-9]{{16,}})-([0-9a-f]{{32}})")


def secret_name(environment_id: str, service_id: str) -> str:
    """By ids and not by names: the name of a deleted secret is taken until its recovery window ends."""
    return f"{PREFIX}/{environment_id}/{service_id}"


def names_of(environment: EnvironmentRef) -> str:
    """What the names of an environment's secrets begin with. With its slash, so that `e1` does not find `e10`."""
    return secret_name(environment.id, "")


def tags_for(service: ServiceRef) -> "list[TagTypeDef]":
    """The marks of ownership, and names for people."""
    environment = service.environment
    tags = {
        ENVIRONMENT_TAG: environment.id,
        SERVICE_TAG: service.id,
        **({"phaseline:installation": environment.installation} if environment.installation else {}),
        "phaseline:environment-name": environment.name,
        "phaseline:service-name": service.name,
    }
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def owner_in(tags: "Iterable[TagTypeDef]") -> tuple[str, str] | None:
    """The ids of the environment and the service that the tags of a secret name."""
    named = {tag.get("Key", ""): tag.get("Value", "") for tag in tags}
    if ENVIRONMENT_TAG not in named or SERVICE_TAG not in named:
        return None
    return named[ENVIRONMENT_TAG], named[SERVICE_TAG]


def text_of(service: ServiceRef, values: Mapping[str, str]) -> str:
    """The JSON object of the variables. Raises Permanent when it is more than a secret may hold."""
    text = json.dumps(dict(values), sort_keys=True, ensure_ascii=False)
    size = len(text.encode())
    if size > MOST_BYTES:
        raise Permanent(
            f"the secret variables of service {service.name} take {size} bytes and Secrets Manager holds at most "
            f"{MOST_BYTES}: make them shorter or fewer"
        )
    return text


def version_id(fence: int, digest: str) -> str:
    """The id of the version that an operation writes: the same each time it tries.

    The operation's number stands in it, where a description of the secret shows it without its value. So does a hash
    of the value, because one version can't have two.
    """
    return f"{PREFIX}-{fence:016d}-{digest}"


def fence_of(version: str) -> int:
    """The number of the operation that wrote a version; 0 for one that was not written by an operation."""
    match = VERSION.fullmatch(version)
    return int(match[1]) if match else 0


def digest_of(version: str) -> str | None:
    """The hash of a version's value; None for one that was not written by an operation."""
    match = VERSION.fullmatch(version)
    return match[2] if match else None
