"""Image references."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from models.configuration import GitSource, ImageSource
from models.configuration.rules.images import check_image
from tests.models.configuration.rules.judging import found, refused

SHA256 = "sha256:" + "0a" * 32
IMAGE = ("source", "image", "image")

#: The grammar of github.com/distribution/reference, as its documentation gives it, in one expression. The ports and
#: digests are those that exist.
_PART = "(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])"
_DOMAIN = rf"(?:{_PART}(?:\.{_PART})*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?"
_NAME = r"[a-z0-9]+(?:(?:[_.]|__|[-]+)[a-z0-9]+)*"
_REFERENCE = re.compile(
    rf"(?:(?P<domain>{_DOMAIN})/)?(?P<path>{_NAME}(?:/{_NAME})*)(?::[a-zA-Z0-9_][a-zA-Z0-9_.-]{{0,127}})?"
    r"(?:@(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}))?"
)


def is_reference(text: str) -> bool:
    """As `ParseNormalizedNamed` does it: the first part is a host only if it looks like one."""
    head, slash, _ = text.partition("/")
    if slash and (any(sign in head for sign in ".:") or head == "localhost" or head != head.lower()):
        match = _REFERENCE.fullmatch(text)
        return match is not None and match["domain"] == head
    return _REFERENCE.fullmatch(f"docker.io/{text}" if slash else f"docker.io/library/{text}") is not None


@pytest.mark.parametrize(
    "image",
    [
        "nginx",
        "nginx:1.27-alpine",
        "acme/web",
        "a__b/c---d/e.f_g",
        "ghcr.io/acme/web:1.4.0",
        f"ghcr.io/acme/web@{SHA256}",
        f"ghcr.io/acme/web:_x@{SHA256}",
        "localhost/web",
        "registry:5000/web",
        "REGISTRY/web",
        "[2001:db8::1]:65535/web",
        "a:" + "t" * 128,
        "x" * 255,
        f"a@sha512:{'0' * 128}",
    ],
)
def test_an_image(image: str) -> None:
    assert found(source=ImageSource(image=image)) == {}
    assert len(image) == 255 or is_reference(image)


@pytest.mark.parametrize(
    ("image", "words"),
    [
        ("", "An image is needed"),
        (" nginx", "' nginx' is not an image reference"),
        ("nginx\n", "may have lower-case letters"),
        ("Nginx", "write it in lower case"),
        ("acme/Web", "write it in lower case"),
        ("acme//web", "may have lower-case letters"),
        ("a___b", "may have lower-case letters"),
        ("a._b", "may have lower-case letters"),
        ("-a", "may have lower-case letters"),
        ("https://ghcr.io/acme/web", "'https:' is not a registry's host"),
        ("ghcr..io/web", "is not a registry's host"),
        ("ex_ample.com/web", "is not a registry's host"),
        ("registry:65536/web", "has no valid port"),
        ("registry:0/web", "has no valid port"),
        ("nginx:", "the tag '' must be"),
        ("nginx:.1", "the tag '.1' must be"),
        ("nginx:a+b", "the tag 'a+b' must be"),
        ("nginx:" + "t" * 129, "1 to 128 letters"),
        ("nginx@", "the digest '' must be"),
        ("nginx@sha256:0a", "must be sha256: and 64"),
        (f"nginx@{SHA256.upper()}", "must be sha256: and 64"),
        (f"nginx@{SHA256}0", "must be sha256: and 64"),
        (f"nginx@md5:{'0' * 32}", "must be sha256: and 64"),
        ("0a" * 32, "it is an image id; give a name"),
        ("x" * 256, "at most 255"),
        ("x" * 1025, "at most 1024"),
    ],
)
def test_what_is_none_is_refused(image: str, words: str) -> None:
    assert refused(found(source=ImageSource(image=image)), IMAGE, words)


@example("a:1/b")
@example("a:1/b:2")
@example("A/b")
@example("a.b")
@given(st.text("aB1.-_:/@[]", max_size=12))
def test_the_grammar_is_that_of_the_container_runtimes(text: str) -> None:
    """But for ports that no host has."""
    problem = check_image(text)
    assert (problem is None) == is_reference(text) or (problem is not None and "no valid port" in problem)


def test_a_build_is_pushed_by_name() -> None:
    source = GitSource(repository="https://example.com/web", ref="main", image="registry.example.com/web:1")
    assert found(source=source) == {}
    digest = source.model_copy(update={"image": f"web@{SHA256}"})
    assert refused(found(source=digest), ("source", "git", "image"), "has a digest", "give a name, or name and tag")
    nothing = source.model_copy(update={"image": "Web"})
    assert refused(found(source=nothing), ("source", "git", "image"), "write it in lower case")
