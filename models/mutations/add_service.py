"""addService."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session, select

from models.configuration.accepting import accept_configuration
from models.mutations.finding import locked_environment, not_found, require_editable
from models.mutations.queueing import queue_operation
from models.mutations.request import Accepted, Request, claim_key, replay
from models.project import ProjectService
from models.reads.hosts import hosts_of_others
from models.refusals import ServiceNotAvailable
from models.sealing import Sealer
from models.service import Service
from models.vocabulary import OperationKind


def add_service(
    session: Session,
    request: Request,
    *,
    environment_id: str,
    project_service_id: str,
    change: Mapping[str, Any] | None,
    sealer: Sealer,
) -> Accepted:
    """Raises NotFound, InvalidInput, PhaseConflict, ServiceNotAvailable, IdempotencyConflict."""
    earlier = claim_key(session, request)
    if earlier is not None:
        return replay(session, earlier)
    environment = locked_environment(session, environment_id)
    blueprint = session.get(ProjectService, project_service_id)
    if blueprint is None:
        raise not_found(project_service_id, "projectServiceId", "psv")
    require_editable(environment)
    if blueprint.project_id != environment.project_id:
        raise ServiceNotAvailable(
            f"{blueprint.name!r} belongs to another project than environment {environment.name!r}. "
            "availableServices lists what can be added."
        )
    deployed = session.exec(
        select(Service).where(Service.environment_id == environment.id, Service.name == blueprint.name)
    ).first()
    if deployed is not None:
        raise ServiceNotAvailable(
            f"{blueprint.name!r} is deployed in environment {environment.name!r} already ({deployed.status}). "
            "Change it with updateService; availableServices lists what can be added."
        )
    service = Service(
        environment_id=environment.id,
        project_service_id=blueprint.id,
        name=blueprint.name,
        kind=blueprint.kind,
        configuration=accept_configuration(
            blueprint.configuration,
            change or {},
            kind=blueprint.kind,
            domain=environment.domain,
            taken=hosts_of_others(session, environment, None),
            sealer=sealer,
            deployed=False,
        ),
    )
    session.add(service)
    session.flush()
    operation = queue_operation(session, environment, OperationKind.ADD_SERVICE, request, service)
    return Accepted(operation, environment, service)
