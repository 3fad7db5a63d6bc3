"""Command and arguments."""

from typing import Any

import pytest

from models.configuration.paths import Path
from models.configuration.rules.commands import MAX_TEXT
from tests.models.configuration.rules.judging import found, refused

LONGEST = "x" * MAX_TEXT


def judged(field: str, *items: str) -> dict[Path, str]:
    fields: dict[str, Any] = {field: items}
    return found(**fields)


@pytest.mark.parametrize("field", ["command", "arguments"])
def test_an_item_has_128_kib_with_its_final_nul_and_all_have_256(field: str) -> None:
    assert judged(field, "run", LONGEST) == {}
    assert refused(judged(field, "run", LONGEST + "x"), (field, "1"), f"{MAX_TEXT + 1} bytes", str(MAX_TEXT))
    assert refused(judged(field, "run", "ä" * (MAX_TEXT // 2 + 1)), (field, "1"), f"{MAX_TEXT + 1} bytes")
    assert refused(judged(field, LONGEST, LONGEST, "xyz"), (field,), f"{2 * MAX_TEXT + 3} bytes", str(256 * 1024))
    assert judged(field, LONGEST, LONGEST, "xy") == {}


def test_a_command_begins_with_a_program() -> None:
    assert found(command=("run", "", " "), arguments=("", " ")) == {}
    for nothing in ("", " \t"):
        assert refused(found(command=(nothing, "run")), ("command", "0"), "program to run")
