"""projectPhaseChanged."""

from collections.abc import AsyncGenerator, Sequence

from models.access import Access
from models.environment import PhaseTransition
from models.reads.cursors import serial_behind
from models.reads.transitions import latest_serials, project_transitions, transitions_at
from models.reads.visible import visible_project
from resolvers.subscriptions.feed import BATCH
from resolvers.subscriptions.live import Live
from resolvers.subscriptions.source import Beginning, Source, opened


async def project_phase_changed(
    live: Live, access: Access, project_id: str, after: str | None
) -> Source[PhaseTransition]:
    """Raises GraphQLError with the code NOT_FOUND, CURSOR_INVALID, CURSOR_AHEAD or CURSOR_EXPIRED."""

    async def begin() -> Beginning[PhaseTransition]:
        await live.database.read(visible_project, access, project_id)
        if after is None:
            last, serials = await live.database.read(latest_serials, project_id)
            return Beginning(last, _latest(live, project_id, serials))
        place = serial_behind(after, project_id)
        return Beginning(place, missed=await live.database.read(project_transitions, project_id, place, BATCH))

    return await opened(live.projects, project_id, begin)


async def _latest(live: Live, project_id: str, serials: Sequence[int]) -> AsyncGenerator[Sequence[PhaseTransition]]:
    """A project may have more environments than should be in memory at once."""
    for start in range(0, len(serials), BATCH):
        yield await live.read(transitions_at, project_id, serials[start : start + BATCH])
