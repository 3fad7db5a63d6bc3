"""What an API server's refusals mean for an operation: try again, or give up."""

import json
from collections.abc import Mapping
from typing import cast

import urllib3

from jobs.adapters.kubernetes.json import JsonObject
from jobs.errors import Permanent, Transient


class Refused(Permanent):
    """The server will not do it, however often it is asked. `code` and `reason` are those of its Status."""

    def __init__(self, message: str, code: int, reason: str, details: JsonObject) -> None:
        super().__init__(message)
        self.code = code
        self.reason = reason
        self.details = details


class Conflict(Transient):
    """The object has changed since it was read, or another of that name is there. `reason` as in the Status."""

    def __init__(self, message: str, reason: str) -> None:
        super().__init__(message)
        self.reason = reason


def unreachable(method: str, path: str, error: urllib3.exceptions.HTTPError) -> Transient:
    return Transient(f"The cluster did not answer {method} {path}: {type(error).__name__}.")


def answered(method: str, path: str, code: int, headers: Mapping[str, str], body: bytes) -> Permanent | Transient:
    """The error for an answer of 400 or above."""
    status = _status(body)
    reason = status.get("reason") or ""
    text = status.get("message") or f"HTTP {code}"
    message = f"The cluster refused {method} {path}: {text}"
    if code == 409:
        return Conflict(message, reason)
    if code in (401, 408, 429) or code >= 500:
        return Transient(message, retry_after=_seconds(headers.get("Retry-After")))
    return Refused(message, code, reason, status.get("details") or {})


def _status(body: bytes) -> JsonObject:
    try:
        found = json.loads(body)
    except ValueError:
        return {"message": body[:200].decode(errors="replace")}
    return cast("JsonObject", found) if isinstance(found, dict) else {}


def _seconds(text: str | None) -> float | None:
    return float(text) if text and text.isdecimal() else None
