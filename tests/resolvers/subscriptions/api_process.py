"""An API process: `python -m tests.resolvers.subscriptions.api_process`, set up by its environment.

Prints its port when it listens; what it logs goes to its standard error, for whoever reads why a test failed.
"""

import socket
import sys

import structlog
import uvicorn

from resolvers.application import make_application
from resolvers.listening import ApiServer, listening_options
from resolvers.settings import ApiSettings


class Announcing(ApiServer):
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        print(f"port {sockets[0].getsockname()[1] if sockets else None}", flush=True)


def main() -> None:
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    settings = ApiSettings()  # pyright: ignore[reportCallIssue]
    listener = socket.create_server(("127.0.0.1", 0), backlog=512)
    config = uvicorn.Config(make_application(settings), log_level="warning", **listening_options(settings))
    Announcing(config).run([listener])


if __name__ == "__main__":
    main()
