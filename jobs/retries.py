"""How often and how late a step is tried again, and how long it waits."""

import random
from dataclasses import dataclass


@dataclass(frozen=True)
class RetryPolicy:
    """`max_attempts` of a step until it fails; waits grow from `first` to `longest` seconds.

    `patience`: so many seconds a step waits for something that does not move. Cloud load balancers and disks take
    minutes.
    """

    max_attempts: int = 8
    first: float = 1.0
    longest: float = 60.0
    patience: float = 300.0

    def wait(self, attempts: int, at_least: float | None = None) -> float:
        """Seconds until the next try after `attempts` of them, with jitter so that many don't come at once."""
        ceiling = min(self.longest, self.first * 2 ** (attempts - 1))
        return max(ceiling * random.uniform(0.5, 1.0), at_least or 0.0)  # noqa: S311
