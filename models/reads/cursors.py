"""Cursors: where a client's knowledge of phase transitions ends. Opaque to clients."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from enum import StrEnum

from models.environment import PhaseTransition
from models.refusals import Refusal

_PARTS = re.compile(r"([a-z0-9_]{1,64}):([0-9]{1,15}):([a-z0-9_]{1,64}):([0-9]{1,15})")


class CursorProblem(StrEnum):
    """Why nothing can be given from a cursor on. Whatever it is, the client has to start over without one."""

    #: It is not a cursor, or one of another environment or project.
    INVALID = "CURSOR_INVALID"
    #: It lies ahead of the last transition: the database was restored from a backup.
    AHEAD = "CURSOR_AHEAD"
    #: What came behind it has been removed from history since.
    EXPIRED = "CURSOR_EXPIRED"


class CursorRefused(Refusal):
    def __init__(self, message: str, problem: CursorProblem) -> None:
        super().__init__(f"{message} Read the present state and subscribe again without `after`.")
        self.problem = problem


@dataclass(frozen=True)
class Cursor:
    """One transition, by its place in its environment and by its place in its project: good for streams of both."""

    environment_id: str
    sequence: int
    project_id: str
    serial: int

    def encode(self) -> str:
        parts = f"{self.environment_id}:{self.sequence}:{self.project_id}:{self.serial}"
        return urlsafe_b64encode(parts.encode()).decode().rstrip("=")


def cursor_of(transition: PhaseTransition) -> str:
    """What a client sends as `after` to get what follows this transition."""
    return Cursor(transition.environment_id, transition.sequence, transition.project_id, transition.serial).encode()


def sequence_behind(text: str, environment_id: str) -> int:
    """The sequence in a cursor of this environment. Raises CursorRefused."""
    cursor = _decoded(text)
    if cursor.environment_id != environment_id:
        raise CursorRefused(f"The cursor {text!r} is not of environment {environment_id}.", CursorProblem.INVALID)
    return cursor.sequence


def serial_behind(text: str, project_id: str) -> int:
    """The serial in a cursor of this project. Raises CursorRefused."""
    cursor = _decoded(text)
    if cursor.project_id != project_id:
        raise CursorRefused(f"The cursor {text!r} is not of project {project_id}.", CursorProblem.INVALID)
    return cursor.serial


def _decoded(text: str) -> Cursor:
    try:
        match = _PARTS.fullmatch(urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("ascii"))
    except ValueError:
        match = None
    cursor = match and Cursor(match[1], int(match[2]), match[3], int(match[4]))
    if cursor is None or cursor.encode() != text:
        raise CursorRefused(f"{text[:100]!r} is not a cursor of a phase transition.", CursorProblem.INVALID)
    return cursor
