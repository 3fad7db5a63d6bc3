"""Asking a server for one thing over and over."""

import json
import subprocess
from collections.abc import Mapping
from typing import Any

from bench.node import node_command
from bench.servers import Server

CONNECTIONS = 8


def ask(
    server: Server, document: str, variables: Mapping[str, object], seconds: float, connections: int = CONNECTIONS
) -> dict[str, Any]:
    """What the load generator saw, and the first answer. Raises AssertionError for answers that are none."""
    body = json.dumps({"query": document, "variables": variables})
    command = node_command("load/http.mjs", server.port, connections, seconds, body)
    seen = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    assert not seen["failed"], seen
    assert '"errors"' not in seen["first"], seen["first"]
    return seen


def load(
    server: Server, document: str, variables: Mapping[str, object], seconds: float, connections: int = CONNECTIONS
) -> dict[str, float]:
    """The server's CPU seconds a request, the requests a second of a core and of the clock, and milliseconds."""
    before = server.cpu_seconds()
    seen = ask(server, document, variables, seconds, connections)
    used = server.cpu_seconds() - before
    requests = seen["requests"]
    figures = {"cpu": used / requests, "rate": requests / used, "a second": requests / seen["seconds"]}
    return {**figures, "p50": seen["p50"], "p99": seen["p99"]}
