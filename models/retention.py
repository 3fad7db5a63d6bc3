"""Keeps history bounded: what ended long ago is forgotten, environment by environment, each in a short transaction.

The newest of everything stays, however old it is: an environment's latest transition (its cursor stays good), a
service's latest operation (it can still be retried) and its newest releases (they can still be rolled back to).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, delete, or_, select

from models.columns import now
from models.environment import Environment, PhaseTransition
from models.operation import IdempotencyKey, Operation
from models.phases import lock_environment
from models.service import Release, Service, ServiceRevision
from models.vocabulary import ENDED, EnvironmentPhase
from models.workflow import Workflow

#: Environments looked at in one go, so that nobody holds the database up.
BATCH = 100


@dataclass(frozen=True)
class Retention:
    """How long history is kept."""

    #: Ended operations, transitions, releases, workflows and destroyed environments.
    days: float = 90.0
    #: So many releases and workflows of each service stay, however old.
    newest: int = 10
    #: Idempotency keys; never less than 24.
    key_hours: float = 48.0

    @property
    def before(self) -> datetime:
        return now() - timedelta(days=self.days)

    @property
    def keys_before(self) -> datetime:
        return now() - timedelta(hours=max(24.0, self.key_hours))


def environments_with_old_history(session: Session, retention: Retention) -> list[str]:
    """At most BATCH environments of which something is to be forgotten."""
    before = retention.before
    later = aliased(PhaseTransition)
    transitions = select(PhaseTransition.environment_id).where(
        PhaseTransition.at < before,
        exists().where(
            col(later.environment_id) == PhaseTransition.environment_id,
            col(later.sequence) > PhaseTransition.sequence,
        ),
    )
    operations = select(Operation.environment_id).where(_forgettable(before))
    destroyed = select(Environment.id).where(
        Environment.phase == EnvironmentPhase.DESTROYED, Environment.updated_at < before
    )
    found: set[str] = set()
    for statement in (transitions, operations, destroyed):
        found |= set(session.exec(statement.distinct().limit(BATCH)).all())
    return sorted(found)[:BATCH]


def forget_old_history(session: Session, environment_id: str, retention: Retention) -> None:
    """Forgets what is old of one environment; the whole environment if it was destroyed long ago."""
    environment = lock_environment(session, environment_id)
    if environment is None:
        return
    if environment.phase is EnvironmentPhase.DESTROYED and environment.updated_at < retention.before:
        _forget_environment(session, environment)
        return
    before = retention.before
    session.exec(
        delete(PhaseTransition).where(
            col(PhaseTransition.environment_id) == environment_id,
            col(PhaseTransition.at) < before,
            col(PhaseTransition.sequence) < environment.last_sequence,
        )
    )
    services = session.exec(select(Service).where(Service.environment_id == environment_id)).all()
    for service in services:
        _forget_of_service(session, service, before, retention.newest)
    session.exec(
        delete(Operation)
        .where(col(Operation.environment_id) == environment_id, _forgettable(before))
        .execution_options(synchronize_session=False)
    )


def forget_old_keys(session: Session, retention: Retention) -> None:
    session.exec(delete(IdempotencyKey).where(col(IdempotencyKey.created_at) < retention.keys_before))


def _forgettable(before: datetime):  # noqa: ANN202
    """Ended before then, and not the latest on its service (or the latest destroy)."""
    newer = aliased(Operation)
    return (
        col(Operation.status).in_(ENDED)
        & (col(Operation.finished_at) < before)
        & exists().where(
            col(newer.environment_id) == Operation.environment_id,
            or_(
                col(newer.service_id) == Operation.service_id,
                col(newer.service_id).is_(None) & col(Operation.service_id).is_(None),
            ),
            col(newer.number) > Operation.number,
        )
    )


def _forget_of_service(session: Session, service: Service, before: datetime, newest: int) -> None:
    """Its old workflows and releases, and the configurations that nothing refers to any more."""
    runs = select(Release.id).where(Release.service_id == service.id, col(Release.succeeded).is_(True))
    running = session.exec(runs.order_by(col(Release.revision).desc())).first()
    for table in (Workflow, Release):
        latest = select(table.id).where(table.service_id == service.id).order_by(col(table.id).desc()).limit(newest)
        kept = [*session.exec(latest).all(), running]
        session.exec(
            delete(table).where(
                col(table.service_id) == service.id, col(table.created_at) < before, col(table.id).not_in(kept)
            )
        )
    released = select(Release.revision).where(Release.service_id == service.id)
    needed = select(Operation.revision).where(
        Operation.service_id == service.id, col(Operation.revision).is_not(None), ~_forgettable(before)
    )
    session.exec(
        delete(ServiceRevision)
        .where(
            col(ServiceRevision.service_id) == service.id,
            col(ServiceRevision.revision) != service.revision,
            col(ServiceRevision.revision).not_in(released),
            col(ServiceRevision.revision).not_in(needed),
        )
        .execution_options(synchronize_session=False)
    )


def _forget_environment(session: Session, environment: Environment) -> None:
    """Its services went when it was destroyed."""
    for table in (Operation, PhaseTransition):
        session.exec(delete(table).where(col(table.environment_id) == environment.id))
    session.delete(environment)
