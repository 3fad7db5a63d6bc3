"""The whole product, started by its one command, and clients for it."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

ROOT = Path(__file__).parents[2]
Json = dict[str, Any]

#: What would point the run at servers that are not its own.
OF_OTHERS = ("AWS_", "DATABASE_URL", "REDIS_URL", "KUBECONFIG", "CLUSTERS", "SECRETS_KEY", "OIDC_")

#: A step of a test may take this long before the test fails, in seconds. Nothing waits for it to pass.
PATIENCE = 60.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Phaseline:
    """One run of `app.py` with its state in `folder`."""

    def __init__(self, folder: Path, port: int | None = None, settings: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self.port = port or free_port()
        self._settings = dict(settings or {})
        self.output: list[str] = []

    def start(self) -> "Phaseline":
        """Returns when it says that it runs."""
        self.process = subprocess.Popen(
            [sys.executable, str(ROOT / "app.py")],
            cwd=ROOT,
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.output.append(line)
            if "Ctrl-C" in line:
                return self
        raise AssertionError(f"it ended: {''.join(self.output)}\n{self.logs()}")

    def environment(self) -> dict[str, str]:
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith(OF_OTHERS)},
            "PORT": str(self.port),
            "PHASELINE_FOLDER": str(self.folder),
            "PYTHONUNBUFFERED": "1",
            **self._settings,
        }

    def stop(self, number: int = signal.SIGINT) -> int:
        self.process.send_signal(number)
        code = self.process.wait(PATIENCE)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code

    def kill(self) -> None:
        """Pulls the plug: nothing gets to say goodbye."""
        self.process.kill()
        self.process.wait(PATIENCE)
        assert self.process.stdout is not None
        self.process.stdout.close()

    def logs(self) -> str:
        return "\n".join(f"== {log.name}\n{log.read_text()[-4000:]}" for log in self.folder.rglob("*.log"))

    def group(self, name: str) -> int:
        """The group of processes of the API or the worker. Raises ProcessLookupError."""
        lock = str(self.folder / f"{name}.lock")
        for command in Path("/proc").glob("[0-9]*/cmdline"):
            with suppress(OSError):  # it has ended
                if lock in command.read_text().split("\0"):
                    return os.getpgid(int(command.parent.name))
        raise ProcessLookupError(f"no {name} runs")

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/graphql"

    @property
    def kubeconfig(self) -> Path:
        return next(self.folder.glob("kubernetes/*kubeconfig*"))

    def ask(self, document: str, **variables: Any) -> Json:
        """The data of a query or mutation. Fails the test on errors."""
        body = {"query": document, "variables": variables}
        answer = httpx.post(self.url, json=body, timeout=PATIENCE).json()
        assert "errors" not in answer, answer
        return answer["data"]

    @contextmanager
    def subscribed(self, document: str, **variables: Any) -> Generator[Iterator[Json]]:
        """The events of a subscription over graphql-transport-ws; ends when the server completes it."""
        with connect(f"ws://127.0.0.1:{self.port}/graphql", subprotocols=[Subprotocol("graphql-transport-ws")]) as ws:
            ws.send(json.dumps({"type": "connection_init"}))
            assert json.loads(ws.recv(PATIENCE))["type"] == "connection_ack"
            payload = {"query": document, "variables": variables}
            ws.send(json.dumps({"id": "1", "type": "subscribe", "payload": payload}))
            yield _events(ws)


def _events(ws: ClientConnection) -> Iterator[Json]:
    while True:
        message = json.loads(ws.recv(PATIENCE))
        match message["type"]:
            case "next":
                assert "errors" not in message["payload"], message
                yield message["payload"]["data"]
            case "complete":
                return
            case "ping":
                ws.send(json.dumps({"type": "pong"}))
            case _:
                raise AssertionError(message)


def take_until(events: Iterator[Json], enough: Callable[[Json], bool]) -> list[Json]:
    """The events up to the first that is enough, that one included."""
    taken: list[Json] = []
    for event in events:
        taken.append(event)
        if enough(event):
            return taken
    raise AssertionError(f"the stream ended before: {taken}")
