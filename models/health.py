"""The health of services: what the outside shows, apart from the phase and the status, which say what we do.

Workers look at every environment in which nothing is under way, each of them at one environment at a time.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, func, select, tuple_, update

from models.clock import database_clock
from models.columns import now
from models.environment import Environment
from models.installation import installation_token
from models.project import Project
from models.service import Release, Service
from models.vocabulary import EnvironmentPhase, HealthState, ServiceStatus

LOOKED_AT = (EnvironmentPhase.ACTIVE, EnvironmentPhase.ERROR)
_SETTLED = (ServiceStatus.RUNNING, ServiceStatus.FAILED)
#: A worker that looks for longer than so many seconds is taken for dead.
_CLAIM_SECONDS = 120.0


@dataclass(frozen=True)
class Health:
    state: HealthState
    reason: str | None = None


@dataclass(frozen=True)
class Look:
    """One worker's look at one environment. `number`: its place among the looks at it."""

    environment_id: str
    number: int


@dataclass(frozen=True)
class LookedAt:
    environment: Environment
    project: Project
    #: Those in which nothing is under way, each with the release that was rolled out last, or was tried to be.
    services: Sequence[tuple[Service, Release | None]]
    installation: str


def due_looks(session: Session, cluster: str, limit: int = 100) -> list[str]:
    """The environments of the cluster that somebody should look at now, the longest waiting first."""
    statement = select(Environment.id).where(Environment.cluster == cluster, *_due())
    return list(session.exec(statement.order_by(col(Environment.look_at), Environment.id).limit(limit)).all())


def ask_for_looks(session: Session, environment_ids: Collection[str]) -> None:
    """Has these environments looked at now: something moved in them. Where something is under way, that asks itself."""
    session.exec(
        update(Environment)
        .where(col(Environment.id).in_(environment_ids), col(Environment.phase).in_(LOOKED_AT))
        .values(look_at=0)
    )


def claim_look(session: Session, environment_id: str, next_seconds: float) -> Look | None:
    """Takes the environment for one look, the next of which is due in `next_seconds`; None: it is not due any more."""
    row = session.exec(
        update(Environment)
        .where(col(Environment.id) == environment_id, *_due())
        .values(
            looks=Environment.looks + 1,
            look_at=database_clock() + next_seconds,
            looked_until=database_clock() + _CLAIM_SECONDS,
        )
        .returning(col(Environment.looks))
        .execution_options(synchronize_session=False)
    ).first()
    return None if row is None else Look(environment_id, row[0])


def read_looked_at(session: Session, look: Look) -> LookedAt | None:
    """None: it was removed meanwhile."""
    environment = session.get(Environment, look.environment_id)
    if environment is None:
        return None
    statement = select(Service).where(Service.environment_id == environment.id, col(Service.status).in_(_SETTLED))
    services = session.exec(statement.order_by(Service.name)).all()
    project = session.get_one(Project, environment.project_id)
    releases = _latest_releases(session, [service.id for service in services])
    latest = [(service, releases.get(service.id)) for service in services]
    return LookedAt(environment, project, latest, installation_token(session))


def keep_look(
    session: Session, look: Look, seen: LookedAt, found: Mapping[str, Health], cluster_trouble: str | None
) -> bool:
    """Writes down what was found, by service id, where nothing was begun since. False: a newer look has begun."""
    ours = (col(Environment.id) == look.environment_id, col(Environment.looks) == look.number)
    if session.exec(update(Environment).where(*ours).values(looked_until=0)).rowcount == 0:
        return False
    still = (*ours, col(Environment.phase).in_(LOOKED_AT))
    session.exec(update(Environment).where(*still).values(cluster_trouble=cluster_trouble))
    alike: dict[Health, list[tuple[str, int, ServiceStatus]]] = {}
    for service, _ in seen.services:
        alike.setdefault(found[service.id], []).append((service.id, service.revision, service.status))
    as_seen = tuple_(col(Service.id), col(Service.revision), col(Service.status))
    for health, services in alike.items():
        session.exec(
            update(Service)
            .where(as_seen.in_(services))
            .values(health=health.state, health_reason=health.reason, health_checked_at=now())
            .execution_options(synchronize_session=False)
        )
    return True


def _due():  # noqa: ANN202
    return (
        col(Environment.phase).in_(LOOKED_AT),
        col(Environment.look_at) <= database_clock(),
        col(Environment.looked_until) < database_clock(),
    )


def _latest_releases(session: Session, service_ids: Collection[str]) -> dict[str, Release]:
    """By service id."""
    latest = (
        select(Release.service_id, func.max(Release.revision))
        .where(col(Release.service_id).in_(service_ids))
        .group_by(Release.service_id)
    )
    place = tuple_(col(Release.service_id), col(Release.revision))
    return {release.service_id: release for release in session.exec(select(Release).where(place.in_(latest))).all()}
