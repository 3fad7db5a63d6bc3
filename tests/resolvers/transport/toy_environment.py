"""The part of the toy schema that has a cursor: the phases of environments, as the product streams them."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Protocol

import strawberry
from strawberry.types import Info


@strawberry.type
class PhaseTransition:
    sequence: int
    phase: str

    @strawberry.field
    def cursor(self) -> str:
        return f"cursor-{self.sequence}"


@dataclass
class Environments:
    """Which phases each had, and who waits for the next."""

    transitions: dict[str, list[PhaseTransition]] = field(default_factory=lambda: defaultdict(list))
    waiting: list[asyncio.Event] = field(default_factory=list[asyncio.Event])

    def advance(self, environment_id: str, phase: str) -> PhaseTransition:
        transitions = self.transitions[environment_id]
        transitions.append(PhaseTransition(sequence=len(transitions) + 1, phase=phase))
        for bell in self.waiting:
            bell.set()
        return transitions[-1]

    async def follow(self, environment_id: str, after: str | None) -> AsyncGenerator[PhaseTransition]:
        """Each behind the cursor; without one the latest first."""
        transitions = self.transitions[environment_id]
        seen = max(len(transitions) - 1, 0) if after is None else int(after.removeprefix("cursor-"))
        bell = asyncio.Event()
        self.waiting.append(bell)
        try:
            while True:
                bell.clear()
                for transition in transitions[seen:]:
                    seen = transition.sequence
                    yield transition
                    if transition.phase == "DESTROYED":
                        return
                if seen == len(transitions):
                    await bell.wait()
        finally:
            self.waiting.remove(bell)


class EnvironmentContext(Protocol):
    """What the fields here need of the context."""

    @property
    def environments(self) -> Environments: ...


@strawberry.type
class EnvironmentQuery:
    @strawberry.field
    def phases(self, info: Info[EnvironmentContext, None], environment_id: strawberry.ID) -> list[str]:
        return [transition.phase for transition in info.context.environments.transitions[environment_id]]


@strawberry.type
class EnvironmentMutation:
    @strawberry.mutation
    def advance(
        self, info: Info[EnvironmentContext, None], environment_id: strawberry.ID, phase: str
    ) -> PhaseTransition:
        return info.context.environments.advance(environment_id, phase)


@strawberry.type
class EnvironmentSubscription:
    @strawberry.subscription
    async def environment_phase_changed(
        self, info: Info[EnvironmentContext, None], environment_id: strawberry.ID, after: str | None = None
    ) -> AsyncGenerator[PhaseTransition]:
        async for transition in info.context.environments.follow(environment_id, after):
            yield transition
