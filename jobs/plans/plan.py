"""The shape of a plan."""

from collections.abc import Mapping
from dataclasses import dataclass

from jobs.context import Step


@dataclass(frozen=True)
class PlannedStep:
    """`needs`: the steps that must have succeeded (or had nothing to do) before this one begins.

    `patience`: it fails when what it waits for has not moved for so many seconds; None: it waits as long as it takes,
    because whoever it asks has a deadline.
    """

    run: Step
    needs: tuple[str, ...] = ()
    patience: float | None = None


Plan = Mapping[str, PlannedStep]


#: Of steps that wait for something to go: cloud load balancers and disks take minutes.
REMOVAL_PATIENCE = 600.0


def one_after_the_other(patience: float | None = None, **steps: Step) -> Plan:
    """A plan in which each step needs the one before."""
    names = list(steps)
    return {
        name: PlannedStep(step, needs=(names[position - 1],) if position else (), patience=patience)
        for position, (name, step) in enumerate(steps.items())
    }
