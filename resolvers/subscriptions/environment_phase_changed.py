"""environmentPhaseChanged."""

from sqlmodel import Session

from models.access import Access
from models.environment import PhaseTransition
from models.reads.cursors import sequence_behind
from models.reads.transitions import environment_transitions, latest_transition
from models.reads.visible import visible_environment
from models.vocabulary import EnvironmentPhase
from resolvers.subscriptions.feed import BATCH
from resolvers.subscriptions.live import Live
from resolvers.subscriptions.source import Beginning, Source, opened, snapshot_of


async def environment_phase_changed(
    live: Live, access: Access, environment_id: str, after: str | None
) -> Source[PhaseTransition]:
    """Raises GraphQLError with the code NOT_FOUND, CURSOR_INVALID, CURSOR_AHEAD or CURSOR_EXPIRED."""

    async def begin() -> Beginning[PhaseTransition]:
        return await live.database.read(_beginning, access, environment_id, after)

    return await opened(live.environments, environment_id, begin)


def _beginning(session: Session, access: Access, environment_id: str, after: str | None) -> Beginning[PhaseTransition]:
    environment = visible_environment(session, access, environment_id)
    if after is None:
        latest = latest_transition(session, environment_id)
        over = latest.phase is EnvironmentPhase.DESTROYED
        return Beginning(latest.sequence, snapshot_of(latest), over=over)
    place = sequence_behind(after, environment_id)
    missed = environment_transitions(session, environment_id, place, BATCH)
    return Beginning(place, missed=missed, over=environment.phase is EnvironmentPhase.DESTROYED)
