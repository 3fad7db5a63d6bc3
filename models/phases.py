"""How the phase of an environment moves: only along the table, one transition at a time, without a hole."""

from functools import cache

from sqlalchemy import bindparam, update
from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from models.columns import now
from models.environment import Environment, PhaseTransition
from models.operation import Operation, unfinished
from models.project import Project
from models.rows import write_rows
from models.service import Service
from models.vocabulary import EnvironmentPhase, ServiceStatus

_P = EnvironmentPhase

#: From each phase, the phases that may follow. None is before the first.
TABLE: dict[EnvironmentPhase | None, frozenset[EnvironmentPhase]] = {
    None: frozenset({_P.INITIALIZING}),
    _P.INITIALIZING: frozenset({_P.ACTIVE, _P.ERROR, _P.DESTROYING}),
    _P.ACTIVE: frozenset({_P.UPDATING, _P.DESTROYING}),
    _P.ERROR: frozenset({_P.UPDATING, _P.DESTROYING}),
    _P.UPDATING: frozenset({_P.ACTIVE, _P.ERROR, _P.DESTROYING}),
    _P.DESTROYING: frozenset(_P) - {_P.DESTROYING},
    _P.DESTROY_FAILED: frozenset({_P.DESTROYING}),
    _P.DESTROYED: frozenset(),
}

#: In these phases operations on services are accepted.
EDITABLE = frozenset({_P.INITIALIZING, _P.ACTIVE, _P.UPDATING, _P.ERROR})


def lock_environment(session: Session, environment_id: str) -> Environment | None:
    """The environment, its row locked until the transaction ends."""
    return session.exec(_locking(), params={"id": environment_id}).first()


@cache  # every mutation and every end of an operation begins with it
def _locking() -> SelectOfScalar[Environment]:
    statement = select(Environment).where(col(Environment.id) == bindparam("id")).with_for_update()
    return statement.execution_options(populate_existing=True)


def move(
    session: Session,
    environment: Environment,
    phase: EnvironmentPhase,
    *,
    operation_id: str | None = None,
    reason: str | None = None,
) -> None:
    """Assigns a phase and writes its transition. The environment's row must be locked.

    Raises ValueError for a move that the table does not have: that is a defect of the caller, never of the input.
    """
    previous = environment.phase if environment.last_sequence else None
    if phase not in TABLE[previous]:
        raise ValueError(f"environment {environment.id} can't go from {previous} to {phase}")
    environment.phase = phase
    environment.phase_reason = reason
    environment.cluster_trouble = None
    environment.look_at = 0  # what the outside shows has changed
    environment.last_sequence += 1
    environment.updated_at = now()
    session.add(environment)
    session.flush()
    transition = PhaseTransition(
        environment_id=environment.id,
        sequence=environment.last_sequence,
        project_id=environment.project_id,
        serial=_next_serial(session, environment.project_id),
        previous=previous,
        phase=phase,
        reason=reason,
        operation_id=operation_id,
    )
    write_rows(session, transition)


def _next_serial(session: Session, project_id: str) -> int:
    """Locks the project's row: its transitions are committed in the order of their serials."""
    statement = update(Project).where(col(Project.id) == project_id).values(last_serial=Project.last_serial + 1)
    returning = statement.returning(col(Project.last_serial)).execution_options(synchronize_session=False)
    return session.exec(returning).scalar_one()


def settle(session: Session, environment: Environment, operation: Operation) -> None:
    """Ends the environment's UPDATING or INITIALIZING when `operation` was its last unfinished one."""
    session.flush()
    others = session.exec(
        select(func.count()).select_from(Operation).where(Operation.environment_id == environment.id, unfinished())
    ).one()
    if others or environment.phase not in (_P.INITIALIZING, _P.UPDATING):
        return
    failed = session.exec(
        select(Service.name)
        .where(Service.environment_id == environment.id, Service.status == ServiceStatus.FAILED)
        .order_by(Service.name)
    ).all()
    if failed:
        names = ", ".join(failed)
        move(session, environment, _P.ERROR, operation_id=operation.id, reason=f"The last change failed of: {names}.")
    else:
        move(session, environment, _P.ACTIVE, operation_id=operation.id)
