"""projectPhaseChanged."""

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from typing import Annotated

import strawberry
from sqlmodel import Session

from models.access import Access
from models.environment import PhaseTransition as PhaseTransitionRow
from models.project import Project
from models.reads.cursors import serial_behind
from models.reads.transitions import latest_serials, project_transitions, transitions_at
from models.reads.visible import visible
from resolvers.context import Info
from resolvers.inputs import given
from resolvers.subscriptions.arguments import After
from resolvers.subscriptions.feed import BATCH
from resolvers.subscriptions.live import Live
from resolvers.subscriptions.source import Beginning, opened
from schema.phase_transition import PhaseTransition


async def project_phase_changed(
    info: Info,
    project_id: Annotated[strawberry.ID, strawberry.argument(description="The project to follow.")],
    after: After = strawberry.UNSET,
) -> AsyncIterator[PhaseTransition]:
    """Raises GraphQLError with the code NOT_FOUND, CURSOR_INVALID, CURSOR_AHEAD, CURSOR_EXPIRED or UNAVAILABLE."""
    context = info.context
    cursor = given(after)

    async def begin() -> Beginning[PhaseTransitionRow]:
        if cursor is not None:
            return await context.read(_missed, context.access, project_id, cursor)
        place, serials = await context.read(_present, context.access, project_id)
        return Beginning(place, _latest(context.process.live, project_id, serials) if serials else None)

    return await opened(context.process.live.projects, project_id, begin, PhaseTransition.of)


def _missed(session: Session, access: Access, project_id: str, cursor: str) -> Beginning[PhaseTransitionRow]:
    visible(session, access, Project, project_id, "projectId", "prj")
    place = serial_behind(cursor, project_id)
    return Beginning(place, missed=project_transitions(session, project_id, place, BATCH))


def _present(session: Session, access: Access, project_id: str) -> tuple[int, list[int]]:
    visible(session, access, Project, project_id, "projectId", "prj")
    return latest_serials(session, project_id)


async def _latest(live: Live, project_id: str, serials: Sequence[int]) -> AsyncGenerator[Sequence[PhaseTransitionRow]]:
    """A project may have more environments than should be in memory at once."""
    for start in range(0, len(serials), BATCH):
        yield await live.read(transitions_at, project_id, serials[start : start + BATCH])
