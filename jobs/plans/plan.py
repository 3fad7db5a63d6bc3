"""The shape of a plan."""

from collections.abc import Mapping
from dataclasses import dataclass

from jobs.context import Step


@dataclass(frozen=True)
class PlannedStep:
    """`needs`: the steps that must have succeeded (or had nothing to do) before this one begins."""

    run: Step
    needs: tuple[str, ...] = ()


Plan = Mapping[str, PlannedStep]


def one_after_the_other(**steps: Step) -> Plan:
    """A plan in which each step needs the one before."""
    names = list(steps)
    return {
        name: PlannedStep(step, needs=(names[position - 1],) if position else ())
        for position, (name, step) in enumerate(steps.items())
    }
