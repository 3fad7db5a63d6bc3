"""Measuring sides in turn, so that whatever else the machine does falls on all of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Scale:
    """How much is measured."""

    rounds: int
    seconds: float
    #: Of the large database. The whole of it is 10,000.
    environments: int = 1_000
    #: Of one environment, at once.
    subscribers: tuple[int, ...] = (1, 100, 1000, 5000)
    #: Of endurance. The whole of it is 60.
    minutes: float = 5
    #: Few of everything: shows that it runs, no more.
    quick: bool = False


QUICK = Scale(rounds=1, seconds=0.3, subscribers=(1, 100), minutes=0.1, quick=True)
FULL = Scale(rounds=7, seconds=0.7)


class Medians:
    """Of one side's rounds, by the name of the figure."""

    def __init__(self, rounds: Sequence[Mapping[str, float]]) -> None:
        self._rounds = rounds

    def __getitem__(self, figure: str) -> float:
        return median(seen[figure] for seen in self._rounds)


def in_turn(sides: Mapping[str, T], rounds: int, measure: Callable[[T], Mapping[str, float]]) -> dict[str, Medians]:
    """A B C, A B C, …: the medians of what was measured of each side."""
    seen: dict[str, list[Mapping[str, float]]] = {name: [] for name in sides}
    for _ in range(rounds):
        for name, side in sides.items():
            seen[name].append(measure(side))
    return {name: Medians(of_side) for name, of_side in seen.items()}


def column(found: Mapping[str, Medians], figure: str, factor: float = 1) -> dict[str, float]:
    """One figure of every side."""
    return {name: medians[figure] * factor for name, medians in found.items()}
