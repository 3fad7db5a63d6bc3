"""The files that GraphiQL is made of: which they are, and where a browser gets them.

They are builds that npm packages bring, locked with their hashes in `assets.lock.json`. GraphiQL stays at 4: it is the
last one that comes as a single file, whose hash a page can name; from 5 on it needs a bundler, or a server elsewhere
that makes modules of it.
"""

import json
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TypedDict

HERE = Path(__file__).parent
LOCK = HERE / "assets.lock.json"
INSTALLED = HERE / "assets"
CDN = "https://cdn.jsdelivr.net"


class LockedPackage(TypedDict):
    """A release of an npm package: the hash of its archive, and those of the files that are used of it."""

    name: str
    version: str
    integrity: str
    files: dict[str, str]


@dataclass(frozen=True)
class Asset:
    """One file. `path` is its place in the package, `integrity` its hash as browsers check it."""

    package: str
    version: str
    path: str
    integrity: str

    @property
    def name(self) -> str:
        """Under which it is installed and served: another release has another name."""
        return f"{self.package}-{self.version}-{PurePosixPath(self.path).name}"

    @property
    def cdn_url(self) -> str:
        return f"{CDN}/npm/{self.package}@{self.version}/{self.path}"


def locked_packages() -> list[LockedPackage]:
    """What the lock file says, in the order in which a page needs it."""
    return json.loads(LOCK.read_text())


def assets_of(package: LockedPackage) -> list[Asset]:
    return [Asset(package["name"], package["version"], path, integrity) for path, integrity in package["files"].items()]


def all_assets() -> list[Asset]:
    return [asset for package in locked_packages() for asset in assets_of(package)]


def are_installed(folder: Path) -> bool:
    """Whether every file is at hand, so that no other host has to be asked for any."""
    return all((folder / asset.name).is_file() for asset in all_assets())
