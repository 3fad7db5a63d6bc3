"""Workers are killed and frozen in the middle of each step; the operation goes on and shows each phase once."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Generator
from pathlib import Path
from queue import SimpleQueue

import pytest

from models.database import Database
from models.mutations.destroy_environment import destroy_environment
from models.vocabulary import OperationKind, OperationStatus
from tests.jobs.faults.outside import Outside
from tests.jobs.seeds import Seed, request, seed

UPDATE_CALLS = ["secrets.put", "cluster.apply", "cluster.check_rollout"]
DESTROY_CALLS = ["cluster.remove_workloads", "secrets.remove"]


class Workers:
    """Two worker processes over one database and one outside world."""

    def __init__(self, url: str, folder: Path) -> None:
        self._lines: SimpleQueue[str] = SimpleQueue()
        self.processes = [self._start(url, folder, f"worker-{number}") for number in range(2)]

    def _start(self, url: str, folder: Path, name: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.jobs.faults.worker", url, str(folder), name],
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[3],
        )
        threading.Thread(target=self._read, args=(process,), daemon=True).start()
        return process

    def _read(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        with process.stdout:
            for line in process.stdout:
                self._lines.put(line.strip())

    def await_line(self, wanted: str) -> None:
        while self._lines.get(timeout=60) != wanted:
            pass

    def wake_frozen(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                os.kill(process.pid, signal.SIGCONT)

    def stop(self) -> None:
        self.wake_frozen()
        for process in self.processes:
            process.kill()
            process.wait()


@pytest.fixture
def outside(tmp_path: Path) -> Outside:
    return Outside(tmp_path)


@pytest.fixture
def staging(database: Database) -> Seed:
    return seed(database, "web", "api")


@pytest.fixture
def workers(database_url: str, database: Database, tmp_path: Path) -> Generator[Workers]:
    workers = Workers(database_url, tmp_path)
    for _ in range(2):
        workers.await_line("ready")
    yield workers
    workers.stop()


@pytest.mark.parametrize("fault", [signal.SIGKILL, signal.SIGSTOP])
@pytest.mark.parametrize("call", UPDATE_CALLS)
def test_an_update_survives(fault: int, call: str, outside: Outside, staging: Seed, workers: Workers) -> None:
    outside.plan_fault(call, fault)
    operation_id = staging.queue(OperationKind.UPDATE_SERVICE, "web")

    workers.await_line(f"{operation_id} SUCCEEDED")
    workers.wake_frozen()

    struck = [line for line in outside.effects() if line.startswith(f"{call} ")]
    assert len(struck) == 2  # once by the worker that was struck, once by the one that went on
    assert struck[0] != struck[1]
    before = UPDATE_CALLS[: UPDATE_CALLS.index(call)]
    effects = outside.effects()
    assert all(sum(line.startswith(f"{earlier} ") for line in effects) == 1 for earlier in before)
    assert staging.phases() == ["INITIALIZING", "ACTIVE", "UPDATING", "ACTIVE"]


@pytest.mark.parametrize("fault", [signal.SIGKILL, signal.SIGSTOP])
@pytest.mark.parametrize("call", DESTROY_CALLS)
def test_a_destroy_survives(fault: int, call: str, outside: Outside, staging: Seed, workers: Workers) -> None:
    outside.plan_fault(call, fault)
    with staging.database.writing() as session:
        operation_id = destroy_environment(
            session, request(), environment_id=staging.environment_id, confirm_name="staging"
        ).operation.id

    workers.await_line(f"{operation_id} SUCCEEDED")
    workers.wake_frozen()

    assert staging.operation(operation_id).status is OperationStatus.SUCCEEDED
    assert staging.phases() == ["INITIALIZING", "ACTIVE", "DESTROYING", "DESTROYED"]
