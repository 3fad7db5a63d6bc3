"""Targets and arguments of builds."""

import pytest

from models.configuration import BuildArgument, GitSource
from models.configuration.paths import Path
from models.configuration.rules.builds import check_target
from models.configuration.rules.commands import MAX_TEXT
from tests.models.configuration.rules.judging import found, refused

ARGUMENTS = ("source", "git", "buildArguments")


def judged(*arguments: tuple[str, str], target: str | None = None) -> dict[Path, str]:
    source = GitSource(
        repository="https://example.com/acme/web.git",
        ref="main",
        target=target,
        build_arguments=tuple(BuildArgument(name=name, value=value) for name, value in arguments),
        image="registry.example.com/web",
    )
    return found(source=source)


@pytest.mark.parametrize("target", [None, "a", "Build", "build-1.2_x", "0", "999", "a" * 128])
def test_a_stage_is_its_name_or_number(target: str | None) -> None:
    assert check_target(target) is None
    assert judged(target=target) == {}


@pytest.mark.parametrize("target", ["", "-a", "_a", "1a", "1000", "a b", "a/b", "ä", "a\n", "a" * 129])
def test_what_names_no_stage_is_refused(target: str) -> None:
    assert refused(judged(target=target), ("source", "git", "target"), repr(target)[:50], "give the name behind AS")


@pytest.mark.parametrize("name", ["A", "_", "a1", "x" * 253])
def test_an_argument_is_named_like_a_variable_of_a_shell(name: str) -> None:
    assert judged((name, "1=2\n")) == {}


@pytest.mark.parametrize("name", ["", "1A", "A-B", "A=B", "Ä", "A\n", "x" * 254])
def test_other_names_of_arguments_are_refused(name: str) -> None:
    assert refused(judged(("A", ""), (name, "")), (*ARGUMENTS, "1", "name"), repr(name)[:50], "use letters")


def test_an_argument_is_given_once() -> None:
    messages = judged(("A", "1"), ("B", "1"), ("A", "2"))
    assert refused(messages, (*ARGUMENTS, "2", "name"), "build argument 'A'", "item 0", "Keep one")


def test_arguments_are_limited_in_number_and_size() -> None:
    hundred = [(f"A{number}", "") for number in range(100)]
    assert judged(*hundred) == {}
    assert refused(judged(*hundred, ("B", "")), ARGUMENTS, "101 build arguments", "at most 100")
    assert judged(("A", "x" * (MAX_TEXT - 1))) == {}
    assert refused(judged(("A", "ä" * (MAX_TEXT // 2)), ("B", "x")), ARGUMENTS, f"{MAX_TEXT + 2} bytes")
