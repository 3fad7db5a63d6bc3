"""Data for the zoo: mostly what the types promise, and sometimes anything else."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from typing import TypeVar

import strawberry
from graphql import GraphQLError, Undefined

from tests.resolvers.transport.plans.zoo import Being, Bird, Cage, Cat, Color, Dog, Fish, Later, Size, Stray, Trap

T = TypeVar("T")

#: Made anew each time: an execution may use values up.
ODDITIES: list[Callable[[], object]] = [
    lambda: None,
    lambda: Undefined,
    lambda: Trap(RuntimeError("trap")),
    lambda: Trap(GraphQLError("told", extensions={"code": "TOLD"})),
    lambda: ValueError("an exception as a value"),
    lambda: "text",
    lambda: 2**31,
    lambda: -(2**31) - 1,
    lambda: float("nan"),
    lambda: True,
    lambda: ["a", 1, None],
    lambda: {"a": 1},
    lambda: Color.GREEN,
    lambda: "big",
    lambda: iter([1, 2]),
    lambda: Later(None),
    lambda: Later("late"),
    lambda: Later(1),
    object,
    lambda: strawberry.cast(Dog, Stray()),
    lambda: strawberry.cast(Dog, object.__new__(Cat)),
    Stray,
]


@dataclass
class Keeper:
    """Fills cages; of two keepers with the same `chance` and `oddity` the second fills them like the first.

    `oddity` is the part of all values that are not what their types promise.
    """

    chance: Random
    oddity: float

    def cage(self, depth: int = 2) -> object:
        return self.filled(
            Cage,
            id=self.text(),
            label=self.one_of(None, "x"),
            number=self.number(),
            number_or_none=self.one_of(None, 1),
            ratio=self.one_of(0.5, 1),
            open=self.one_of(True, False),
            color=self.one_of(*Color),
            color_or_none=self.one_of(*Color, None, 1),
            size=self.one_of(*Size, "big"),
            since=datetime(2026, 1, 1, tzinfo=UTC),
            notes=self.one_of(None, {"b": [1, None], "a": 0.5}),
            fussy=self.one_of("a", "b", "c", "refused", "nothing"),
            fussy_or_none=self.one_of("a", "nothing", None, 1),
            tags=self.list_of(self.text),
            grid=self.list_of(lambda: self.list_of(lambda: self.one_of(None, 1, 2**31))),
            colors=self.list_of(lambda: self.one_of(*Color)),
            inner=self.cage(depth - 1) if depth else None,
            rows=self.list_of(lambda: self.cages(depth), 2),
            cages=self.cages(depth),
            cages_or_none=self.cages(depth),
            bird=self.filled(Bird, name=self.text(), wings=self.number()),
            cat=self.being(depth),
            being=self.being(depth),
            beings=self.list_of(lambda: self.being(depth)),
            pet=self.pet(depth),
            pets=self.list_of(lambda: self.pet(depth)),
        )

    def cages(self, depth: int) -> object:
        return self.list_of(lambda: self.cage(depth - 1)) if depth else []

    def being(self, depth: int) -> object:
        friend = self.pet(depth - 1) if depth else None
        friends = self.list_of(lambda: self.being(depth - 1)) if depth else None
        match self.chance.choice([Cat, Cat, Dog, Being]):
            case kind if kind is Cat:
                mood = self.one_of(*Size, None)
                return self.filled(Cat, id=self.text(), name=self.text(), lives=9, mood=mood, friend=friend)
            case kind if kind is Dog:
                weight = self.one_of(0.5, 1)
                return self.filled(Dog, id=self.text(), name=self.text(), weight=weight, friends=friends)
            case kind:
                return self.filled(kind, id=self.text(), name=self.text())

    def pet(self, depth: int) -> object:
        match self.chance.choice([Bird, Stray, Fish, Cat]):
            case kind if kind is Cat:
                return self.being(depth)
            case kind if kind is Fish:
                return self.filled(Fish, name=self.text(), depth=self.number())
            case kind:
                return self.filled(kind, name=self.text(), wings=self.one_of(None, 2))

    def text(self) -> object:
        return self.one_of("", "a", "ü\n")

    def number(self) -> object:
        return self.one_of(0, -1, 2**31 - 1, -(2**31))

    def one_of(self, *values: object) -> object:
        return self.chance.choice(values)

    def list_of(self, item: Callable[[], object], longest: int = 3) -> object:
        return [self.or_odd(item()) for _ in range(self.chance.randint(0, longest))]

    def filled(self, class_: type[object], **values: object) -> object:
        made = object.__new__(class_)
        vars(made).update({name: self.or_odd(value) for name, value in values.items()})
        return made

    def or_odd(self, usual: object) -> object:
        return self.chance.choice(ODDITIES)() if self.chance.random() < self.oddity else usual
