"""The scripts of a build, run by a shell: git is real, BuildKit a program that leaves its metadata as BuildKit does."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from jobs.adapters.kubernetes.manifests.build_scripts import BUILD, FETCH

_NEEDS_GIT = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
_DIGEST = f"sha256:{'ab' * 32}"
_NO_SETTINGS = {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"}
_AUTHOR = {f"GIT_{who}_{what}": "a@b.c" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
_METADATA = f"""{{
  "containerimage.config.digest": "sha256:{"cd" * 32}",
  "containerimage.digest": "{_DIGEST}",
  "image.name": "registry/web"
}}"""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Two commits, the first of them tagged v1, and the branch `other` with a file of its own."""
    folder = tmp_path / "repository"
    folder.mkdir()
    _git(folder, "init", "--quiet", "--initial-branch=main")
    _commit(folder, "Dockerfile", "FROM one")
    _git(folder, "tag", "v1")
    _commit(folder, "Dockerfile", "FROM two")
    _git(folder, "checkout", "--quiet", "-b", "other")
    _commit(folder, "Other", "FROM other")
    _git(folder, "checkout", "--quiet", "main")
    return folder


@_NEEDS_GIT
@pytest.mark.parametrize(
    ("ref", "commit", "content"),
    [("main", "main", "FROM two"), ("v1", "v1", "FROM one"), ("other", "other", "FROM two")],
)
def test_a_branch_or_tag_is_fetched_and_its_commit_told(
    repository: Path, tmp_path: Path, ref: str, commit: str, content: str
) -> None:
    fetched = _fetch(repository, tmp_path, ref)
    assert fetched.returncode == 0, fetched.stderr
    assert (tmp_path / "source" / "Dockerfile").read_text() == content
    assert (tmp_path / "result").read_text().strip() == _git(repository, "rev-parse", commit)
    assert _git(tmp_path / "source", "rev-list", "--count", "HEAD") == "1"


@_NEEDS_GIT
@pytest.mark.parametrize("length", [40, 8])
def test_a_commit_is_fetched_whole_or_abbreviated(repository: Path, tmp_path: Path, length: int) -> None:
    commit = _git(repository, "rev-parse", "main~1")
    fetched = _fetch(repository, tmp_path, commit[:length])
    assert fetched.returncode == 0, fetched.stderr
    assert (tmp_path / "result").read_text().strip() == commit
    assert (tmp_path / "source" / "Dockerfile").read_text() == "FROM one"


@_NEEDS_GIT
def test_a_ref_that_is_not_there_fails_and_is_named(repository: Path, tmp_path: Path) -> None:
    fetched = _fetch(repository, tmp_path, "missing")
    assert fetched.returncode != 0
    assert "There is no branch, tag or commit missing in file://" in fetched.stderr
    assert not (tmp_path / "result").exists()


@_NEEDS_GIT
@pytest.mark.parametrize(("context", "dockerfile"), [("missing", "Dockerfile"), (".", "missing")])
def test_a_path_that_is_not_there_fails_and_is_named(
    repository: Path, tmp_path: Path, context: str, dockerfile: str
) -> None:
    fetched = _fetch(repository, tmp_path, "main", context, dockerfile)
    assert fetched.returncode != 0
    assert "There is no missing in file://" in fetched.stderr
    assert not (tmp_path / "result").exists()


@_NEEDS_GIT
def test_what_a_user_says_is_never_run(repository: Path, tmp_path: Path) -> None:
    fetched = _fetch(repository, tmp_path, "$(touch ran)", "`touch ran`", "; touch ran")
    assert fetched.returncode != 0
    assert not list(tmp_path.rglob("ran"))


def test_the_digest_of_the_pushed_image_is_told(tmp_path: Path) -> None:
    built = _build(tmp_path, _METADATA)
    assert built.returncode == 0, built.stderr
    assert (tmp_path / "result").read_text() == _DIGEST
    assert (tmp_path / "arguments").read_text().split("\n")[:3] == ["build", "--opt=filename=a b", "--output=x"]


def test_metadata_on_one_line_is_read_too(tmp_path: Path) -> None:
    assert _build(tmp_path, _METADATA.replace("\n", "")).returncode == 0
    assert (tmp_path / "result").read_text() == _DIGEST


def test_a_build_that_tells_no_digest_fails(tmp_path: Path) -> None:
    built = _build(tmp_path, "{}")
    assert built.returncode != 0
    assert "told no digest" in built.stderr
    assert (tmp_path / "result").read_text() == ""


def test_a_build_that_fails_fails_the_container(tmp_path: Path) -> None:
    built = _build(tmp_path, _METADATA, code=3)
    assert built.returncode == 3
    assert (tmp_path / "result").read_text() == ""


def _fetch(
    repository: Path, folder: Path, ref: str, context: str = ".", dockerfile: str = "Dockerfile"
) -> subprocess.CompletedProcess[str]:
    said = {"REPOSITORY": f"file://{repository}", "REF": ref, "CONTEXT": context, "DOCKERFILE": dockerfile}
    places = {"SOURCE": str(folder / "source"), "RESULT": str(folder / "result")}
    return _run(FETCH, [], folder, {**said, **places, **_NO_SETTINGS})


def _build(folder: Path, metadata: str, code: int = 0) -> subprocess.CompletedProcess[str]:
    """The result file is there before, as the termination message is, and can't be replaced by another."""
    program = folder / "bin" / "buildctl-daemonless.sh"
    program.parent.mkdir()
    program.write_text(_BUILDCTL)
    program.chmod(0o755)
    (folder / "result").touch()
    variables = {
        "PATH": f"{program.parent}:{os.environ['PATH']}",
        "METADATA": str(folder / "metadata.json"),
        "RESULT": str(folder / "result"),
        "FOLDER": str(folder),
        "WRITTEN": metadata,
        "CODE": str(code),
    }
    return _run(BUILD, ["--opt=filename=a b", "--output=x"], folder, variables)


#: BuildKit writes its metadata beside the file and renames it.
_BUILDCTL = """#!/bin/sh -eu
printf '%s\\n' "$@" > "$FOLDER/arguments"
test "$CODE" = 0 || exit "$CODE"
while test "$1" != --metadata-file; do shift; done
printf '%s' "$WRITTEN" > "$2.new"
mv "$2.new" "$2"
"""


def _run(
    script: str, arguments: list[str], folder: Path, variables: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    command = ["sh", "-euc", script, "script", *arguments]
    environment = {**os.environ, **variables}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def _git(folder: Path, *arguments: str) -> str:
    environment = {**os.environ, **_NO_SETTINGS, **_AUTHOR}
    command = ["git", *arguments]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=True
    ).stdout.strip()


def _commit(folder: Path, file: str, content: str) -> None:
    (folder / file).write_text(content)
    _git(folder, "add", file)
    _git(folder, "commit", "--quiet", "--message", content)
