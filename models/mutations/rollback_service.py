"""rollbackService."""

from functools import partial

from sqlmodel import Session, col, select

from models.configuration import ServiceConfiguration
from models.configuration.rules import Place, check
from models.environment import Environment
from models.mutations.finding import locked_service, require_editable
from models.mutations.queueing import queue_operation, supersede_queued
from models.mutations.replaying import replayed
from models.mutations.request import Accepted, Request
from models.mutations.update_service import require_not_deleting
from models.operation import Operation
from models.reads.hosts import hosts_of_others
from models.refusals import InvalidInput, Issue, NotFound
from models.service import Release, Service
from models.vocabulary import OperationKind, Role


def rollback_service(session: Session, request: Request, *, service_id: str, revision: int) -> Accepted:
    """Re-deploys the configuration of an earlier release, as a new revision.

    Raises NotFound, Forbidden, InvalidInput, PhaseConflict, IdempotencyConflict.
    """
    if earlier := replayed(session, request, Role.EDITOR):
        return earlier
    environment, service = locked_service(session, request, service_id, Role.EDITOR)
    require_editable(environment)
    require_not_deleting(environment, service)
    release = session.exec(
        select(Release).where(Release.service_id == service.id, Release.revision == revision)
    ).first()
    if release is None:
        known = session.exec(
            select(Release.revision).where(Release.service_id == service.id).order_by(col(Release.revision).desc())
        ).all()
        names = ", ".join(map(str, known[:10])) or "none"
        raise NotFound(f"Service {service.name!r} has no release of revision {revision}. Its releases: {names}.")
    operation = queue_rollback(session, environment, service, release, request)
    return Accepted(operation, environment, service, others=supersede_queued(session, operation))


def queue_rollback(
    session: Session, environment: Environment, service: Service, release: Release, request: Request
) -> Operation:
    """The environment's row must be locked. Raises InvalidInput when the release can't be had back."""
    service.configuration = _had_back(session, environment, service, release)
    service.revision += 1
    return queue_operation(session, environment, OperationKind.ROLLBACK_SERVICE, request, service)


def _had_back(session: Session, environment: Environment, service: Service, release: Release) -> ServiceConfiguration:
    """The release's configuration, with volumes that have grown since: they can't shrink."""
    now, then = service.configuration, release.configuration
    sizes = {volume.name: volume.size_gib for volume in now.volumes}
    volumes = tuple(
        volume.model_copy(update={"size_gib": max(volume.size_gib, sizes.get(volume.name, 0))})
        for volume in then.volumes
    )
    configuration = then.model_copy(update={"volumes": volumes})
    place = Place(environment.domain, partial(hosts_of_others, session, environment, service.id))
    issues = check(configuration, service.kind, place, previous=now)
    if issues:
        raise InvalidInput([Issue(("revision",), f"Release {release.revision}: {one.message}") for one in issues])
    return configuration
