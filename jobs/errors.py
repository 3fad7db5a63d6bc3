"""How a step says that it is not done."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Blocker:
    """What stands in the way: an object by kind and name, and why."""

    kind: str
    name: str
    reason: str


class NotYet(Exception):
    """The outside is still working on it. Costs no attempt: the step looks again when the outside moves,
    and after `look_again` seconds in case nobody tells.

    `done` of `total` things are done; or `left` are left, of as many as there ever were.
    """

    def __init__(
        self,
        reason: str,
        *,
        blockers: Sequence[Blocker] = (),
        done: int | None = None,
        total: int | None = None,
        left: int | None = None,
        look_again: float = 15.0,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.blockers = tuple(blockers)
        self.done = done
        self.total = total
        self.left = left
        self.look_again = look_again


class Permanent(Exception):
    """Trying again would not help: the operation fails with this message."""

    def __init__(self, message: str, *, blockers: Sequence[Blocker] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.blockers = tuple(blockers)


class Transient(Exception):
    """A fault that may pass: throttling, a timeout, a 5xx, a conflict. The step backs off and tries again.

    `retry_after`: the least number of seconds to wait, where the other side said so.
    """

    def __init__(self, message: str, *, blockers: Sequence[Blocker] = (), retry_after: float | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.blockers = tuple(blockers)
        self.retry_after = retry_after


class Unreachable(Transient):
    """Whoever was asked did not answer at all: everything else that is asked of it will wait too."""


class Overtaken(Permanent):
    """A newer operation has written there already: this one's write must never land."""
