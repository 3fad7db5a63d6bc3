"""Requests and refusals as a Kubernetes API server has them, for the fault proxy."""

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.jobs.adapters.proxy import Answer, Fault, Request


def name_of(request: Request) -> str:
    """The verb and the plural of the kind: `POST secrets`, `WATCH pods`; with `dry` before a dry run."""
    url = urlsplit(request.path)
    query = parse_qs(url.query)
    steps = url.path.strip("/").split("/")[2 if url.path.startswith("/api/") else 3 :]
    inside = steps[2:] if steps[:1] == ["namespaces"] and len(steps) > 2 else steps
    verb = "WATCH" if "watch" in query else request.method
    return f"{'dry ' if 'dryRun' in query else ''}{verb} {inside[0] if inside else url.path}"


def refuse(code: int, reason: str, message: str = "no", headers: dict[str, str] | None = None, **details: Any) -> Fault:
    status = {
        "kind": "Status",
        "apiVersion": "v1",
        "status": "Failure",
        "message": message,
        "reason": reason,
        "details": details,
        "code": code,
    }
    body = json.dumps(status).encode()
    return lambda _request, _forward: Answer(code, body, "application/json", headers or {})
