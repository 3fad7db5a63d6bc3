"""A process of subscribers that follow environments on a server."""

import json
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Literal, cast

from bench.installation import Installation
from bench.node import node_command
from bench.servers import Server, Side, serving
from bench.workload import FOLLOW, FOLLOWED

Mode = Literal["same", "selections", "environments", "idle"]

#: Commits what the product's subscribers hear of.
WRITER = Side("writer", "writer")


@dataclass(frozen=True)
class Followers:
    """`count` subscribers, all of which have subscribed."""

    server: Server
    count: int
    idle_bytes: float
    process: "subprocess.Popen[str]"

    def deliver(self, events: int, pause: float = 0) -> dict[str, float]:
        """Has so many events sent, one when all have the one before and the pause (in milliseconds) is over.

        The server's CPU seconds for each event that a subscriber gets; milliseconds from a commit to the last one.
        """
        before = self.server.cpu_seconds()
        stdin = cast("IO[str]", self.process.stdin)
        stdin.write(f"{events} {pause}\n")
        stdin.flush()
        seen = json.loads(_said(self.process))
        used = self.server.cpu_seconds() - before
        return {"cpu": used / events / self.count, "idle": self.idle_bytes, **seen}


@contextmanager
def following(server: Server, count: int, mode: Mode = "same", emitter: Server | None = None) -> Generator[Followers]:
    """`emitter` is the server that is asked for events, if that is another one. Raises RuntimeError."""
    before = server.memory_bytes()
    emit_url = f"http://127.0.0.1:{(emitter or server).port}/emit"
    command = node_command("load/subscribers.mjs", server.port, count, FOLLOW, FOLLOWED, emit_url, mode)
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        if _said(process).strip() != "subscribed":
            raise RuntimeError(f"{count} subscribers could not all subscribe")
        yield Followers(server, count, (server.memory_bytes() - before) / count, process)
        cast("IO[str]", process.stdin).close()


@contextmanager
def following_product(side: Side, installed: Installation, count: int, mode: Mode = "same") -> Generator[Followers]:
    """On the product's API process, and beside it a process that commits."""
    with (
        serving(side, installed.environment) as server,
        serving(WRITER, installed.environment, measured=False) as writer,
        following(server, count, mode, writer) as followers,
    ):
        yield followers


@contextmanager
def following_other(side: Side, count: int, mode: Mode = "same") -> Generator[Followers]:
    with serving(side) as server, following(server, count, mode) as followers:
        yield followers


def _said(process: "subprocess.Popen[str]") -> str:
    return cast("IO[str]", process.stdout).readline()
