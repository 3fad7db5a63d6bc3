"""environmentPhaseChanged."""

from collections.abc import AsyncIterator
from typing import Annotated

import strawberry
from sqlmodel import Session

from models.access import Access
from models.environment import Environment
from models.environment import PhaseTransition as PhaseTransitionRow
from models.reads.cursors import sequence_behind
from models.reads.transitions import environment_transitions, latest_transition
from models.reads.visible import visible
from models.vocabulary import EnvironmentPhase
from resolvers.context import Info
from resolvers.inputs import given
from resolvers.subscriptions.arguments import After
from resolvers.subscriptions.feed import BATCH
from resolvers.subscriptions.source import Beginning, opened, snapshot_of
from schema.phase_transition import PhaseTransition


async def environment_phase_changed(
    info: Info,
    environment_id: Annotated[strawberry.ID, strawberry.argument(description="The environment to follow.")],
    after: After = strawberry.UNSET,
) -> AsyncIterator[PhaseTransition]:
    """Raises GraphQLError with the code NOT_FOUND, CURSOR_INVALID, CURSOR_AHEAD, CURSOR_EXPIRED or UNAVAILABLE."""
    context = info.context

    async def begin() -> Beginning[PhaseTransitionRow]:
        return await context.read(_beginning, context.access, environment_id, given(after))

    return await opened(context.process.live.environments, environment_id, begin, PhaseTransition.of)


def _beginning(
    session: Session, access: Access, environment_id: str, after: str | None
) -> Beginning[PhaseTransitionRow]:
    environment = visible(session, access, Environment, environment_id, "environmentId", "env")
    if after is None:
        latest = latest_transition(session, environment_id)
        over = latest.phase is EnvironmentPhase.DESTROYED
        return Beginning(latest.sequence, snapshot_of(latest), over=over)
    place = sequence_behind(after, environment_id)
    missed = environment_transitions(session, environment_id, place, BATCH)
    return Beginning(place, missed=missed, over=environment.phase is EnvironmentPhase.DESTROYED)
