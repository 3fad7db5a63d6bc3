"""GraphiQL's files are those that were locked, or there are none."""

import base64
import hashlib
import io
import tarfile
from pathlib import Path

import pytest

from resolvers.transport.graphiql.assets import LockedPackage, are_installed
from resolvers.transport.graphiql.install import NotInstalled, install, unpack


def hash_of(algorithm: str, content: bytes) -> str:
    return f"{algorithm}-{base64.b64encode(hashlib.new(algorithm, content).digest()).decode()}"


@pytest.fixture
def archives(tmp_path: Path) -> Path:
    """A folder with the archive of a package that has one file."""
    with tarfile.open(tmp_path / "toy-1.0.0.tgz", "w:gz") as files:
        member = tarfile.TarInfo("package/toy.js")
        member.size = len(b"toy")
        files.addfile(member, io.BytesIO(b"toy"))
    return tmp_path


def locked(archives: Path, *, archive: bytes | None = None, content: bytes = b"toy") -> LockedPackage:
    """The package as a lock file has it, of the archive that is there or of another one."""
    integrity = hash_of("sha512", archive or (archives / "toy-1.0.0.tgz").read_bytes())
    files = {"toy.js": hash_of("sha384", content)}
    return LockedPackage(name="toy", version="1.0.0", integrity=integrity, files=files)


def test_a_locked_file_is_unpacked(archives: Path) -> None:
    folder = archives / "installed"
    folder.mkdir()
    [path] = unpack(locked(archives), archives, folder)
    assert path.name == "toy-1.0.0-toy.js"
    assert path.read_bytes() == b"toy"


def test_another_archive_is_refused(archives: Path) -> None:
    folder = archives / "installed"
    folder.mkdir()
    with pytest.raises(NotInstalled, match=r"toy-1\.0\.0\.tgz is not what was locked"):
        unpack(locked(archives, archive=b"other"), archives, folder)
    assert list(folder.iterdir()) == []


def test_another_file_is_refused(archives: Path) -> None:
    folder = archives / "installed"
    folder.mkdir()
    with pytest.raises(NotInstalled, match=r"toy\.js is not what was locked"):
        unpack(locked(archives, content=b"other"), archives, folder)
    assert list(folder.iterdir()) == []


def test_without_a_registry_nothing_is_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NPM_CONFIG_REGISTRY", "http://127.0.0.1:9/")
    monkeypatch.setenv("NPM_CONFIG_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("NPM_CONFIG_FETCH_RETRIES", "0")
    with pytest.raises(NotInstalled, match=r"npm did not bring react@"):
        install(tmp_path / "installed")
    assert not are_installed(tmp_path / "installed")


def test_all_of_it_is_installed_once_npm_brought_it(graphiql_files: Path) -> None:
    assert are_installed(graphiql_files)
