"""Processes that are stopped and not woken are ended, and no others."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Generator
from contextlib import closing
from pathlib import Path

import pytest

from embedded.freezes import FreezeWatch, stopped_groups

#: Its child stops inside of a write, as a worker of dramatiq is the child of another process.
STOPS = """
import os, signal, sqlite3, sys
if os.fork() == 0:
    database = sqlite3.connect(sys.argv[1], isolation_level=None)
    database.execute("BEGIN IMMEDIATE")
    database.execute("INSERT INTO written VALUES (1)")
    print("ready", flush=True)
    os.kill(os.getpid(), signal.SIGSTOP)
signal.pause()
"""


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "state.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE written (once INTEGER)")
    return path


@pytest.fixture
def frozen(database: Path) -> Generator[subprocess.Popen[str]]:
    yield from started(database)


@pytest.fixture
def another(database: Path) -> Generator[subprocess.Popen[str]]:
    yield from started(database.with_name("another.db"))


def started(database: Path) -> Generator[subprocess.Popen[str]]:
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS written (once INTEGER)")
    command = [sys.executable, "-c", STOPS, str(database)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)


def test_who_is_stopped_inside_of_a_write_holds_nobody_up(
    database: Path, frozen: "subprocess.Popen[str]", another: "subprocess.Popen[str]"
) -> None:
    watch = FreezeWatch(lambda: {"worker": frozen.pid}, seconds=0.1)
    watch.start()
    try:
        with closing(sqlite3.connect(database, isolation_level=None, timeout=60)) as waiting:
            waiting.execute("BEGIN IMMEDIATE")
            left = waiting.execute("SELECT * FROM written").fetchall()
        code = frozen.wait(60)
    finally:
        watch.stop()

    assert left == [], "half of a write stayed"
    assert code == -signal.SIGKILL
    assert another.poll() is None, "it is nobody's of ours"
    assert another.pid in stopped_groups()


def test_who_is_woken_in_time_goes_on(frozen: "subprocess.Popen[str]") -> None:
    looks = list[bool]()

    def groups() -> dict[str, int]:
        """Woken between the first look and the second."""
        looks.append(frozen.pid in stopped_groups())
        if len(looks) == 1:
            os.killpg(frozen.pid, signal.SIGCONT)
        if len(looks) == 3:
            looked.set()
        return {"worker": frozen.pid}

    looked = threading.Event()
    watch = FreezeWatch(groups, seconds=0.1)
    watch.start()
    assert looked.wait(60)
    watch.stop()

    assert looks[0]
    assert frozen.poll() is None
