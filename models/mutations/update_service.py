"""updateService."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from sqlmodel import Session

from models.configuration import ServiceConfiguration
from models.configuration.accepting import accept_configuration
from models.environment import Environment
from models.mutations.finding import locked_service, require_editable
from models.mutations.queueing import queue_operation, supersede_queued
from models.mutations.replaying import replayed
from models.mutations.request import Accepted, Request
from models.reads.hosts import hosts_of_others
from models.refusals import PhaseConflict, RevisionConflict
from models.sealing import Sealer
from models.service import Service
from models.vocabulary import OperationKind, Role, ServiceStatus


def update_service(
    session: Session,
    request: Request,
    *,
    service_id: str,
    change: Mapping[str, Any],
    expected_revision: int | None,
    sealer: Sealer,
) -> Accepted:
    """Raises NotFound, Forbidden, InvalidInput, PhaseConflict, RevisionConflict, IdempotencyConflict."""
    if earlier := replayed(session, request, Role.EDITOR):
        return earlier
    environment, service = locked_service(session, request, service_id, Role.EDITOR)
    require_editable(environment)
    require_not_deleting(environment, service)
    if expected_revision is not None and expected_revision != service.revision:
        raise RevisionConflict(
            f"Service {service.name!r} is at revision {service.revision}, not {expected_revision}: somebody changed "
            "it meanwhile. Look at it again and send the change with its revision.",
            service.revision,
        )
    service.configuration = changed_configuration(session, environment, service, change, sealer)
    service.revision += 1
    may_wait = service.status is ServiceStatus.DEPLOYING  # as long as one of its re-deploys is queued
    operation = queue_operation(session, environment, OperationKind.UPDATE_SERVICE, request, service)
    others = supersede_queued(session, operation) if may_wait else ()
    return Accepted(operation, environment, service, others=others)


def changed_configuration(
    session: Session, environment: Environment, service: Service, change: Mapping[str, Any], sealer: Sealer
) -> ServiceConfiguration:
    """The service's configuration with the change in it. Raises InvalidInput."""
    return accept_configuration(
        service.configuration,
        change,
        kind=service.kind,
        domain=environment.domain,
        taken=partial(hosts_of_others, session, environment, service.id),
        sealer=sealer,
        deployed=True,
    )


def require_not_deleting(environment: Environment, service: Service) -> None:
    if service.status is ServiceStatus.DELETING:
        raise PhaseConflict(
            f"Service {service.name!r} is being deleted. Add it again when that has ended.", environment.phase
        )
