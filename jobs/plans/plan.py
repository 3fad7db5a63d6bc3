"""The shape of a plan."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from jobs.context import Step


@dataclass(frozen=True)
class PlannedStep:
    """`needs`: the steps that must have succeeded (or had nothing to do) before this one begins.

    `own_deadline`: whoever it asks has a deadline. Any other step fails when what it waits for does not move for the
    patience that the workers are set to.
    """

    run: Step
    needs: tuple[str, ...] = ()
    own_deadline: bool = False


Plan = Mapping[str, PlannedStep]


def one_after_the_other(*, own_deadlines: Collection[str] = (), **steps: Step) -> Plan:
    """A plan in which each step needs the one before. `own_deadlines`: the names of the steps that have one."""
    names = list(steps)
    return {
        name: PlannedStep(step, tuple(names[max(0, position - 1) : position]), own_deadline=name in own_deadlines)
        for position, (name, step) in enumerate(steps.items())
    }
