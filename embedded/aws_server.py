"""The process behind `embedded.aws`: `python -m embedded.aws_server FOLDER DOMAIN`."""

import os
import socket
import sys
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any

# Read once at import: without it every web page may ask this server, by CORS.
os.environ["MOTO_DISABLE_GLOBAL_CORS"] = "true"

from moto.moto_server.werkzeug_app import MotoRequestHandler, create_backend_app
from werkzeug.exceptions import NotFound
from werkzeug.serving import make_server

from embedded.aws_state import AwsState

SERVICES = ("route53", "secretsmanager")


class SilentHandler(MotoRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None: ...


class Door:
    """The WSGI application: one request at a time (moto's models know no threads), what it changed saved before its
    answer leaves."""

    def __init__(self, state: AwsState) -> None:
        self._state = state
        self._lock = threading.Lock()
        self._applications = {service: create_backend_app(service) for service in SERVICES}

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        application = self._applications.get(signed_for(environ))
        if application is None:
            return NotFound()(environ, start_response)
        with self._lock:
            answer = list(application(environ, start_response))
            self._state.save()
            return answer


def signed_for(environ: dict[str, Any]) -> str:
    """The service of a signed request: `Credential=<key>/<date>/<region>/<service>/aws4_request`."""
    credential = environ.get("HTTP_AUTHORIZATION", "").partition("Credential=")[2].partition(",")[0]
    parts = credential.split("/")
    return parts[-2] if len(parts) >= 5 else ""


def listen(wanted: int) -> socket.socket:
    """A listening socket on the wanted port of loopback, or on another while that one is in use."""
    try:
        return socket.create_server(("127.0.0.1", wanted), backlog=128)
    except OSError:
        return socket.create_server(("127.0.0.1", 0), backlog=128)


def main(folder: Path, domain: str) -> None:
    state = AwsState(folder / "state.json")
    zone_id = state.ensure_zone(domain)
    port_file = folder / "aws.port"
    with listen(int(port_file.read_text()) if port_file.exists() else 0) as listening:
        host, port = listening.getsockname()
        port_file.write_text(str(port))
        server = make_server(
            host, port, Door(state), threaded=True, request_handler=SilentHandler, fd=listening.fileno()
        )
        print(f"serving http://{host}:{port} zone {zone_id}", flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
