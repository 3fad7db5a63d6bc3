"""What can't be used is one clear line that names the setting, and nothing is left running."""

import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.system.running import PATIENCE, ROOT, Phaseline


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield taken.getsockname()[1]


def refused(folder: Path, settings: Mapping[str, str], *arguments: str) -> str:
    """What the command says that can't start."""
    command = [sys.executable, str(ROOT / "app.py"), *arguments]
    environment = Phaseline(folder, settings=settings).environment()
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=PATIENCE)
    assert ended.returncode == 1
    assert ended.stderr.startswith("phaseline: ")
    assert ended.stderr.count("\n") == 1, ended.stderr
    assert "Ctrl-C" not in ended.stdout
    return ended.stderr


@pytest.mark.parametrize("arguments", [(), ("api",)], ids=["everything", "the API alone"])
@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"PORT": "70000"}, "PORT"),
        ({"HOST": "0.0.0.0"}, "HOST"),
        ({"SECRETS_KEY": "short"}, "SECRETS_KEY: key 1"),
        ({"DATABASE_URL": "mysql://db/phaseline"}, "DATABASE_URL must be postgresql://"),
        ({"DATABASE_URL": "nonsense"}, "DATABASE_URL must be postgresql://"),
        ({"DATABASE_URL": "sqlite://"}, "sqlite:///file"),
        ({"CLUSTERS": "{local"}, "CLUSTERS"),
        ({"CLUSTERS": "{}"}, "CLUSTERS"),
    ],
    ids=str,
)
def test_a_setting_is_named(tmp_path: Path, settings: dict[str, str], said: str, arguments: tuple[str, ...]) -> None:
    given = {"SECRETS_KEY": "A" * 43 + "=", "DATABASE_URL": f"sqlite:///{tmp_path}/x.db", "REDIS_URL": "redis://x"}
    assert said in refused(tmp_path / "state", {**(given if arguments else {}), **settings}, *arguments)


def test_a_database_that_does_not_answer(tmp_path: Path) -> None:
    said = refused(tmp_path / "state", {"DATABASE_URL": "postgresql://127.0.0.1:1/phaseline"})
    assert "can't prepare the database" in said
    assert "Check DATABASE_URL" in said


def test_a_taken_port(tmp_path: Path, taken_port: int) -> None:
    said = refused(tmp_path / "state", {"PORT": str(taken_port)})
    assert f"port {taken_port}" in said
    assert "Set PORT" in said


def test_a_folder_that_can_not_be_written_to(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert "Set PHASELINE_FOLDER" in refused(tmp_path / "file" / "state", {})


def test_an_unknown_argument(tmp_path: Path) -> None:
    assert "unknown argument 'worker'" in refused(tmp_path / "state", {}, "worker")
