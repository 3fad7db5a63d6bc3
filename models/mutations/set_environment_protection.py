"""setEnvironmentProtection."""

from sqlmodel import Session

from models.columns import now
from models.environment import Environment
from models.mutations.finding import locked_environment
from models.refusals import PhaseConflict
from models.vocabulary import EnvironmentPhase

_GOING = (EnvironmentPhase.DESTROYING, EnvironmentPhase.DESTROYED)


def set_environment_protection(session: Session, *, environment_id: str, protected: bool) -> Environment:
    """Raises NotFound, PhaseConflict."""
    environment = locked_environment(session, environment_id)
    if environment.phase in _GOING:
        raise PhaseConflict(
            f"Environment {environment.name!r} is {environment.phase}: its protection can't be changed any more.",
            environment.phase,
        )
    environment.protected = protected
    environment.updated_at = now()
    session.add(environment)
    return environment
