"""What every subscription of this process stands on: one doorbell, and one feed for each object that is followed."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Concatenate, ParamSpec, TypeVar

import structlog
from sqlmodel import Session

from models.async_database import AsyncDatabase
from models.database import AWAY
from models.environment import PhaseTransition
from models.operation import Operation
from models.reads.progress import newer_operations
from models.reads.transitions import transitions_of_environments, transitions_of_projects
from models.vocabulary import EnvironmentPhase
from resolvers.doorbell import Doorbell
from resolvers.subscriptions.feed import BATCH, Feeds, Rows

P = ParamSpec("P")
R = TypeVar("R")

#: How long to wait before each further try to read, in seconds, while the database is away.
PAUSES = (0.1, 0.2, 0.5, 1.0, *(2.0,) * 30)

log = structlog.get_logger("phaseline.live")


class Live:
    """The feeds of environments, projects and operations."""

    def __init__(self, database: AsyncDatabase, doorbell: Doorbell) -> None:
        self.database = database
        self.environments = Feeds(doorbell, Rows(self._environment_rows, lambda row: row.sequence, _is_destroyed))
        self.projects = Feeds(doorbell, Rows(self._project_rows, lambda row: row.serial, lambda _: False))
        self.operations = Feeds(
            doorbell, Rows(self._operation_rows, lambda row: row.version, lambda row: not row.unfinished, kept=1)
        )

    async def _environment_rows(self, places: Mapping[str, int]) -> Mapping[str, Sequence[PhaseTransition]]:
        return await self.read(transitions_of_environments, places, BATCH)

    async def _project_rows(self, places: Mapping[str, int]) -> Mapping[str, Sequence[PhaseTransition]]:
        return await self.read(transitions_of_projects, places, BATCH)

    async def _operation_rows(self, places: Mapping[str, int]) -> Mapping[str, Sequence[Operation]]:
        return await self.read(newer_operations, places)

    async def read(self, function: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Reads, and outlasts a database that is away for about a minute."""
        for pause in PAUSES:
            try:
                return await self.database.read(function, *args, **kwargs)
            except AWAY as error:
                log.warning("the database is away", error=type(error).__name__, next_try_in=pause)
            await asyncio.sleep(pause)
        return await self.database.read(function, *args, **kwargs)


def _is_destroyed(transition: PhaseTransition) -> bool:
    return transition.phase is EnvironmentPhase.DESTROYED
