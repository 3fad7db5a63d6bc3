"""A subscriber that loses its connection now and then and comes back with its cursor."""

import json
import random
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from websockets.exceptions import WebSocketException
from websockets.sync.client import connect
from websockets.typing import Subprotocol

PHASES = """
subscription ($id: ID!, $after: String) {
  environmentPhaseChanged(environmentId: $id, after: $after) { sequence phase cursor }
}
"""


class Follower(threading.Thread):
    """Follows an environment from behind the cursor `after` until it is DESTROYED."""

    def __init__(self, ports: Sequence[int], environment_id: str, after: str, rng: random.Random) -> None:
        super().__init__(name=f"follower of {environment_id}", daemon=True)
        self._ports = ports
        self._environment_id = environment_id
        self._rng = rng
        self._cursor = after
        self._at: int | None = None
        self._over = threading.Event()
        self.sequences: list[int] = []
        self.phase = ""
        self.connections = 0
        self._only: int | None = None
        #: How each connection ended that the server closed.
        self.closes: list[int | None] = []

    def run(self) -> None:
        while self.phase != "DESTROYED" and not self._over.is_set():
            with suppress(OSError, WebSocketException, TimeoutError):
                self._follow(self._only or self._rng.choice(self._ports))
            self._at = None
            self._over.wait(0.1)

    def stay_with(self, port: int | None) -> None:
        """Keeps its connection to this API, and makes no other; None: to any, as before."""
        self._only = port

    @property
    def stays(self) -> bool:
        return self._at is not None and self._at == self._only

    def stop(self) -> None:
        self._over.set()

    def _follow(self, port: int) -> None:
        protocol = [Subprotocol("graphql-transport-ws")]
        with connect(f"ws://127.0.0.1:{port}/graphql", subprotocols=protocol, open_timeout=3, close_timeout=1) as ws:
            self.connections += 1
            self._at = port
            ws.send(json.dumps({"type": "connection_init"}))
            variables = {"id": self._environment_id, "after": self._cursor}
            leaves = time.monotonic() + self._rng.uniform(1, 10)
            try:
                while not self._over.is_set() and (port == self._only or time.monotonic() < leaves):
                    message = json.loads(ws.recv(timeout=30 if port == self._only else 3))
                    match message["type"]:
                        case "connection_ack":
                            payload = {"query": PHASES, "variables": variables}
                            ws.send(json.dumps({"id": "1", "type": "subscribe", "payload": payload}))
                        case "next":
                            self._take(message["payload"])
                        case "ping":
                            ws.send(json.dumps({"type": "pong"}))
                        case _:
                            return
            except WebSocketException:
                self.closes.append(ws.close_code)

    def _take(self, payload: dict[str, Any]) -> None:
        if payload.get("errors"):
            return
        event = payload["data"]["environmentPhaseChanged"]
        self.sequences.append(event["sequence"])
        self._cursor, self.phase = event["cursor"], event["phase"]
