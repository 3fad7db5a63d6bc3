"""What holds before any rule of the domain is asked."""

from typing import Any

import pytest

from models.configuration.parsing import MAX_ISSUES, MAX_VARIABLES, parse_change
from models.configuration.paths import Path
from models.refusals import InvalidInput

IMAGE = {"image": "nginx"}
ENGINE = {"engine": "REDIS", "version": "7.4"}


def refused(said: dict[str, Any]) -> dict[Path, str]:
    with pytest.raises(InvalidInput) as refusal:
        parse_change(said)
    return {issue.path: issue.message for issue in refusal.value.issues}


def variables(count: int) -> list[dict[str, str]]:
    return [{"name": f"V{number}", "value": "x"} for number in range(count)]


def test_only_what_is_said_is_set() -> None:
    change = parse_change({"deployment": {"replicas": None}, "variables": [{"name": "A", "value": None}]})

    assert change.model_fields_set == {"deployment", "variables"}
    assert change.deployment is not None
    assert change.deployment.model_fields_set == {"replicas"}
    assert parse_change({}).model_fields_set == set()


@pytest.mark.parametrize("source", [{}, {"image": None}, {"image": IMAGE, "engine": ENGINE}])
def test_a_source_is_one_of_three(source: dict[str, Any]) -> None:
    assert refused({"source": source}) == {("source",): "Give exactly one of image, git and engine."}


def test_a_list_too_long_is_one_issue() -> None:
    assert parse_change({"variables": variables(MAX_VARIABLES)}).variables is not None
    messages = refused({"variables": variables(10_000)})
    assert messages == {("variables",): "10000 items; at most 1000 are allowed. Send fewer."}
    ports = [{"name": "a", "number": 1}] * 1001
    assert list(refused({"networking": {"ports": ports}})) == [("networking", "ports")]
    command = {"command": ["x"] * 1001}
    assert list(refused({"health_checks": {"liveness": command}})) == [("healthChecks", "liveness", "command")]


@pytest.mark.parametrize(("text", "word"), [("a\0b", "NUL"), ("\ud800", "surrogate"), ("a\udfffb", "surrogate")])
def test_a_text_that_nobody_can_hold_is_refused_wherever_it_is(text: str, word: str) -> None:
    places: dict[Path, dict[str, Any]] = {
        ("arguments", "1"): {"arguments": ["x", text]},
        ("variables", "0", "value"): {"variables": [{"name": "A", "value": text}]},
        ("volumes", "0", "mountPath"): {"volumes": [{"name": "a", "mount_path": text, "size_gib": 1}]},
        ("source", "git", "buildArguments", "0", "name"): {
            "source": {"git": {"build_arguments": [{"name": text, "value": ""}]}}
        },
    }
    for path, said in places.items():
        messages = refused(said)
        assert list(messages) == [path]
        assert word in messages[path]
        assert "Remove it" in messages[path]


def test_a_type_that_is_not_the_fields_is_pointed_at_in_the_words_of_its_check() -> None:
    messages = refused({"deployment": {"strategy": "SLOW"}, "volumes": [{"name": "a", "mount_path": "/a"}]})
    assert messages["deployment", "strategy"].endswith("'ROLLING' or 'RECREATE'.")
    assert list(messages) == [("deployment", "strategy"), ("volumes", "0", "sizeGiB")]


def test_no_more_is_told_than_a_person_reads() -> None:
    assert len(refused({"arguments": ["\0"] * 1000})) == MAX_ISSUES
    assert len(refused({"command": [None] * 1000})) == MAX_ISSUES
