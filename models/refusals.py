"""Why a mutation is refused: what the caller can act on. The API turns each into the contract's type of its name.

Raised inside the transaction, so that nothing of a refused mutation stays behind.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from models.vocabulary import EnvironmentPhase


@dataclass(frozen=True)
class Issue:
    """One thing wrong with an input, and the way to it, for example ("configuration", "variables", "0", "name")."""

    path: tuple[str, ...]
    message: str


class Refusal(Exception):
    """The base of them all. `message` says what is wrong, with which object, and what to do about it."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotFound(Refusal):
    pass


class Forbidden(Refusal):
    """The caller may see the object, but lacks the role that this takes."""


class AlreadyExists(Refusal):
    pass


class ServiceNotAvailable(Refusal):
    pass


class ConfirmationMismatch(Refusal):
    pass


class ProtectedFromRemoval(Refusal):
    pass


class InvalidInput(Refusal):
    def __init__(self, issues: Sequence[Issue]) -> None:
        first = issues[0]
        more = f" ({len(issues) - 1} more)" if len(issues) > 1 else ""
        super().__init__(f"{'.'.join(first.path) or 'input'}: {first.message}{more}")
        self.issues = tuple(issues)


class PhaseConflict(Refusal):
    def __init__(self, message: str, phase: EnvironmentPhase) -> None:
        super().__init__(message)
        self.phase = phase


class RevisionConflict(Refusal):
    def __init__(self, message: str, revision: int) -> None:
        super().__init__(message)
        self.revision = revision


class PlanChanged(Refusal):
    """The plan that the caller saw is not today's."""

    def __init__(self, message: str, environment_id: str) -> None:
        super().__init__(message)
        self.environment_id = environment_id


class IdempotencyConflict(Refusal):
    def __init__(self, message: str, operation_id: str | None) -> None:
        super().__init__(message)
        self.operation_id = operation_id


class OperationNotRetryable(Refusal):
    def __init__(self, message: str, operation_id: str) -> None:
        super().__init__(message)
        self.operation_id = operation_id


class OperationNotCancellable(Refusal):
    def __init__(self, message: str, operation_id: str) -> None:
        super().__init__(message)
        self.operation_id = operation_id
