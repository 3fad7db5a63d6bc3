"""Where a build finds its source."""

import shutil
import string
import subprocess

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from models.configuration import GitSource
from models.configuration.paths import Path
from models.configuration.rules.git import check_inner_path, check_ref, check_repository
from tests.models.configuration.rules.judging import found, refused

GIT = shutil.which("git")
#: What refs are made of, and what breaks them.
PIECES = ["a", "ä", ".lock", "lock", "..", "@{", *"-./@~^:?*[\\ {\x7f"]


def judged(**fields: str) -> dict[Path, str]:
    git = {"repository": "https://example.com/acme/web.git", "ref": "main", "image": "registry.example.com/web"}
    return found(source=GitSource.model_validate({**git, **fields}))


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/acme/web.git",
        "https://example.com:8443/~me/a%20b+c/",
        "https://192.0.2.1/web",
        "https://[2001:db8::1]:1/web",
        "ssh://git@example.com/acme/web.git",
        "ssh://example.com:65535/web",
        "git@example.com:acme/web.git",
        "_git@host:/srv/web",
        "https://example.com/" + "x" * (2048 - len("https://example.com/")),
    ],
)
def test_a_repository_is_reached_by_https_or_ssh(url: str) -> None:
    assert check_repository(url) is None
    assert judged(repository=url) == {}


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "is needed"),
        ("https://example.com/" + "x" * 2048, "1 to 2048 characters"),
        ("example.com/acme/web", "not an address that can be cloned"),
        ("/srv/web.git", "not an address that can be cloned"),
        ("https://example.com", "not an address that can be cloned"),
        ("http://example.com/web", "use https or ssh"),
        ("file:///srv/web", "not an address"),
        ("ext::sh -c true://example.com/x", "not an address"),
        ("git://example.com/web", "'git'; use https or ssh"),
        ("HTTPS://example.com/web", "'HTTPS'; use https or ssh"),
        ("https://token@example.com/web", "Remove them"),
        ("ssh://git:secret@example.com/web", "Remove it"),
        ("ssh://-oProxyCommand=x@example.com/web", "not a plain name"),
        ("-git@example.com:web", "not a plain name"),
        ("ssh://git@-oProxyCommand=x/web", "not a hostname"),
        ("git@-host:web", "not a hostname"),
        ("https://ex_ample.com/web", "not a hostname"),
        ("https://example..com/web", "not a hostname"),
        ("https://\u212aube.example.com/web", "not a hostname"),
        ("https://[2001:db8::1%`true`]/web", "not a hostname"),
        ("https://[example.com]/web", "not a hostname"),
        ("https://example.com:/web", "from 1 to 65535"),
        ("https://example.com:0/web", "from 1 to 65535"),
        ("https://example.com:65536/web", "from 1 to 65535"),
        ("https://example.com:٣/web", "from 1 to 65535"),
        ("https://example.com//", "not empty"),
        ("git@example.com:-web", "begin with '-'"),
        ("https://example.com/a b", "must be letters"),
        ("https://example.com/web?x=1", "must be letters"),
        ("https://example.com/web\n", "not an address"),
    ],
)
def test_other_addresses_are_refused(url: str, words: str) -> None:
    messages = judged(repository=url)
    assert refused(messages, ("source", "git", "repository"), words)
    assert "secret" not in str(messages)
    assert "token" not in str(messages)


@pytest.mark.skipif(GIT is None, reason="git is not installed")
@settings(max_examples=60, deadline=None)
@example("a.lock/b")
@example("a./b")
@example("@/a")
@given(st.lists(st.one_of(st.sampled_from(PIECES), st.sampled_from(string.printable)), max_size=5).map("".join))
def test_a_ref_is_what_git_takes_for_one_and_not_for_an_option(ref: str) -> None:
    git = subprocess.run([GIT or "git", "check-ref-format", "--allow-onelevel", ref], capture_output=True, check=False)
    assert (check_ref(ref) is None) == (git.returncode == 0 and not ref.startswith("-"))


@pytest.mark.parametrize("ref", ["main", "v1.2", "feature/x", "a" * 255, "0123abc", "HEAD", "refs/tags/v1", "a-", "ä"])
def test_a_branch_a_tag_or_a_commit(ref: str) -> None:
    assert judged(ref=ref) == {}


@pytest.mark.parametrize(
    ("ref", "words"),
    [
        ("", "1 to 255 characters"),
        ("a" * 256, "1 to 255 characters"),
        ("--upload-pack=x", "'--upload-pack=x' begins with '-'"),
        ("a b", "'a b' is no name that git takes"),
        ("a..b", "no spaces"),
        ("main\n", "'main\\n' is no name"),
        ("x.lock", "ends with .lock"),
        ("@", "'@' is no name"),
    ],
)
def test_other_refs_are_refused(ref: str, words: str) -> None:
    assert refused(judged(ref=ref), ("source", "git", "ref"), words)


@pytest.mark.parametrize("path", [".", "Dockerfile", "a/b c/ä", "./a", "a/", "..a/b..", "x" * 1024, "a-b"])
def test_a_path_inside_of_the_repository(path: str) -> None:
    assert check_inner_path(path) is None
    assert judged(context=path, dockerfile=path) == {}


@pytest.mark.parametrize("field", ["dockerfile", "context"])
@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("", "1 to 1024 characters"),
        ("x" * 1025, "1 to 1024 characters"),
        ("/etc", "from the repository's root"),
        ("~/x", "from the repository's root"),
        ("a\\b", "from the repository's root"),
        ("..", "may lead out"),
        ("a/../..", "may lead out"),
        ("-x", "rename it"),
        ("a\nb", "rename it"),
        ("a\x7f", "rename it"),
    ],
)
def test_other_paths_are_refused(field: str, path: str, words: str) -> None:
    assert refused(judged(**{field: path}), ("source", "git", field), words)
