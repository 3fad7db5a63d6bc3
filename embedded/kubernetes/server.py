"""The process behind `embedded.kubernetes`: `python -m embedded.kubernetes.server FOLDER [TIMING]`."""

import asyncio
import os
import socket
import sys
from contextlib import closing
from pathlib import Path
from types import FrameType

import orjson
import uvicorn
import uvloop

from embedded.kubernetes.access.authentication import Authentication
from embedded.kubernetes.access.tokens import Tokens
from embedded.kubernetes.api.app import Api
from embedded.kubernetes.api.guard import Guard
from embedded.kubernetes.api.reviews import Reviews
from embedded.kubernetes.cluster import Cluster, new_cluster
from embedded.kubernetes.controllers.every import every_controller
from embedded.kubernetes.controllers.loop import Controllers
from embedded.kubernetes.custom import DEFINITIONS, custom_resources
from embedded.kubernetes.files import Files
from embedded.kubernetes.furniture import furnish
from embedded.kubernetes.journal import Journal
from embedded.kubernetes.kinds import built_in_resources
from embedded.kubernetes.schema.built_in import Definitions
from embedded.kubernetes.store import Store
from embedded.kubernetes.timing import Timing


class Server(uvicorn.Server):
    """Ends the watches when it is asked to end: they would hold it up."""

    def __init__(self, config: uvicorn.Config, cluster: Cluster) -> None:
        super().__init__(config)
        self._cluster = cluster

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._cluster.store.history.close()
        super().handle_exit(sig, frame)


def load(journal: Journal, timing: Timing) -> Cluster:
    """The cluster as it was when it ended."""
    definitions = Definitions()
    resources = built_in_resources(definitions)
    store = Store(journal)
    cluster = new_cluster(store, resources, definitions, timing)
    store.load(resources.named(DEFINITIONS))
    for definition in store.all(DEFINITIONS):
        for resource in custom_resources(definition, definitions):
            resources.add(resource)
    for resource in resources.stored():
        if resource.name != DEFINITIONS:
            store.load(resource)
    furnish(cluster)
    return cluster


def listen(wanted: int) -> socket.socket:
    """A listening socket on the wanted port of loopback, or on another while that one is in use."""
    try:
        listening = socket.create_server(("127.0.0.1", wanted), backlog=1024)
    except OSError:
        listening = socket.create_server(("127.0.0.1", 0), backlog=1024)
    # inherited by each connection: without it an answer in two packets waits 40 ms for the client's delayed ACK
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


async def serve(files: Files, timing: Timing) -> None:
    with closing(Journal(files.objects)) as journal:
        await _serve(files, load(journal, timing))


async def _serve(files: Files, cluster: Cluster) -> None:
    tokens = Tokens(files.signing_key.read_text())
    authentication = Authentication(cluster.store, tokens, files.admin_token.read_text())
    everyone = every_controller(cluster, tokens, files.authority.read_text())
    controllers = Controllers(cluster, everyone, asyncio.get_running_loop())
    config = uvicorn.Config(
        Api(cluster, Guard(cluster.store, authentication), Reviews(cluster, authentication, tokens)).application(),
        log_level="warning",
        access_log=False,
        lifespan="off",
        ssl_certfile=files.certificate,
        ssl_keyfile=files.certificate_key,
        timeout_graceful_shutdown=1,
    )
    with listen(int(files.port.read_text()) if files.port.exists() else 0) as listening:
        url = f"https://127.0.0.1:{listening.getsockname()[1]}"
        files.port.write_text(str(listening.getsockname()[1]))
        files.write_kubeconfig(url)
        controllers.start(cluster)
        print(f"serving {url}", flush=True)
        await Server(config, cluster).serve(sockets=[listening])
    controllers.stop()


def main(folder: Path, timing: Timing) -> None:
    # what it writes is for its owner only
    os.umask(0o077)
    files = Files(folder)
    files.prepare()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(files, timing))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Timing(**orjson.loads(sys.argv[2])) if len(sys.argv) > 2 else Timing())
