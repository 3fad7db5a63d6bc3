"""What an API server's refusals mean for an operation: try again, or give up."""

import json
import re
from collections.abc import Mapping
from typing import cast

import urllib3

from jobs.adapters.kubernetes.json import JsonObject, parts
from jobs.errors import Permanent, Transient, Unreachable

#: As the API server words it (apiserver/pkg/endpoints/handlers/responsewriters/errors.go).
_FORBIDDEN = re.compile(
    r'User "(?P<user>[^"]*)" cannot (?P<verb>\S+) resource "(?P<resource>[^"]+)"'
    r'(?: in API group "(?P<group>[^"]*)")?(?: in the namespace "(?P<namespace>[^"]+)")?'
)


class Refused(Permanent):
    """The server will not do it, however often it is asked. `code` and `reason` are those of its Status."""

    def __init__(self, message: str, code: int, reason: str, details: JsonObject) -> None:
        super().__init__(message)
        self.code = code
        self.reason = reason
        self.details = details


class Conflict(Transient):
    """The object has changed since it was read, or another of that name is there. `reason` as in the Status.

    An apply that means another uid is refused as an invalid change of it (422), not as a conflict.
    """

    def __init__(self, message: str, reason: str) -> None:
        super().__init__(message)
        self.reason = reason


class Unauthorized(Transient):
    """The credentials are not taken: new ones may be."""


def unreachable(method: str, path: str, error: urllib3.exceptions.HTTPError) -> Unreachable:
    """In the words of urllib3: they name host and port, and what a certificate lacks."""
    return Unreachable(f"The cluster did not answer {method} {path}: {error}.")


def garbled(method: str, path: str) -> Transient:
    return Transient(f"The cluster's answer to {method} {path} is not JSON.")


def answered(method: str, path: str, code: int, headers: Mapping[str, str], body: bytes) -> Permanent | Transient:
    """The error for an answer that is neither the object nor a success."""
    status = _status(body)
    reason = status.get("reason") or ""
    text = status.get("message") or f"HTTP {code}"
    message = f"The cluster refused {method} {path}: {text}"
    if code == 401:
        return Unauthorized(f"The cluster does not take our credentials for {method} {path}: {text}")
    details: JsonObject = status.get("details") or {}
    if code == 409 or any(cause.get("field") == "metadata.uid" for cause in parts(details, "causes")):
        return Conflict(message, reason)
    if code in (408, 410, 429) or code >= 500:  # 410: the version or page asked for is too old by now
        return Transient(message, retry_after=_seconds(headers.get("Retry-After")))
    if code == 403:
        message = _missing_right(text) or message
    return Refused(message, code, reason, details)


def _missing_right(text: str) -> str | None:
    """Says which right is missing, where that is why an authorizer forbids it."""
    found = _FORBIDDEN.search(text)
    if found is None:
        return None
    resource = found["resource"] + (f".{found['group']}" if found["group"] else "")
    where = f"in namespace {found['namespace']}" if found["namespace"] else "in the whole cluster"
    return (
        f"A right is missing in the cluster: {found['user']} may not {found['verb']} {resource} {where}. "
        "Grant it by a role; the least that is needed comes with the deployment."
    )


def _status(body: bytes) -> JsonObject:
    try:
        found = json.loads(body)
    except ValueError:
        return {"message": body[:200].decode(errors="replace")}
    return cast("JsonObject", found) if isinstance(found, dict) else {}


def _seconds(text: str | None) -> float | None:
    return float(text) if text and text.isdecimal() else None
