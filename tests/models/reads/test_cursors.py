"""Cursors come back as they went out, and nothing else is taken for one."""

from base64 import urlsafe_b64encode

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from models.environment import PhaseTransition
from models.reads.cursors import CursorProblem, CursorRefused, cursor_of, sequence_behind, serial_behind
from models.vocabulary import EnvironmentPhase

NUMBERS = st.integers(1, 10**12)


def transition(sequence: int = 3, serial: int = 17) -> PhaseTransition:
    return PhaseTransition(
        environment_id="env_1",
        sequence=sequence,
        project_id="prj_1",
        serial=serial,
        phase=EnvironmentPhase.ACTIVE,
    )


@given(NUMBERS, NUMBERS)
def test_serves_the_environment_and_its_project(sequence: int, serial: int) -> None:
    cursor = cursor_of(transition(sequence, serial))
    assert sequence_behind(cursor, "env_1") == sequence
    assert serial_behind(cursor, "prj_1") == serial


def test_is_refused_for_another_environment_or_project() -> None:
    cursor = cursor_of(transition())
    for refused in (lambda: sequence_behind(cursor, "env_2"), lambda: serial_behind(cursor, "prj_2")):
        with pytest.raises(CursorRefused, match=r"is not of .*without `after`\.") as caught:
            refused()
        assert caught.value.problem is CursorProblem.INVALID


@given(st.text())
@example("")
@example("=")
@example(cursor_of(transition()) + "=")
@example(cursor_of(transition())[:-1])
@example(" " + cursor_of(transition()))
@example(urlsafe_b64encode(b"env_1:-1:prj_1:2").decode().rstrip("="))
@example(urlsafe_b64encode(b"env_1:03:prj_1:2").decode().rstrip("="))
@example(urlsafe_b64encode(b"env_1:" + b"9" * 5000 + b":prj_1:2").decode().rstrip("="))
@example(urlsafe_b64encode("env_1:٣:prj_1:2".encode()).decode().rstrip("="))
def test_nothing_else_is_taken_for_one(text: str) -> None:
    with pytest.raises(CursorRefused) as caught:
        sequence_behind(text, "env_1")
    assert caught.value.problem is CursorProblem.INVALID
