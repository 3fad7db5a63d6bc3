"""setEnvironmentProtection."""

from sqlmodel import Session

from models.columns import now
from models.environment import Environment
from models.mutations.finding import locked_environment
from models.mutations.request import Request, claim_key, keep_result
from models.refusals import PhaseConflict
from models.vocabulary import EnvironmentPhase, Role

_GOING = (EnvironmentPhase.DESTROYING, EnvironmentPhase.DESTROYED)


def set_environment_protection(
    session: Session, request: Request, *, environment_id: str, protected: bool
) -> Environment:
    """Raises NotFound, Forbidden, InvalidInput, PhaseConflict, IdempotencyConflict."""
    replayed = claim_key(session, request) is not None
    environment = locked_environment(session, request, environment_id, Role.ADMIN)
    if replayed:
        return environment
    if environment.phase in _GOING:
        raise PhaseConflict(
            f"Environment {environment.name!r} is {environment.phase}: its protection can't be changed any more.",
            environment.phase,
        )
    environment.protected = protected
    environment.updated_at = now()
    session.add(environment)
    keep_result(session, request, environment.id)
    return environment
