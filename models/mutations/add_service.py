"""addService."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from sqlmodel import Session, select

from models.configuration.accepting import accept_configuration
from models.mutations.authority import visible_project
from models.mutations.finding import locked_environment, look_up, not_found, require_editable
from models.mutations.queueing import queue_operation
from models.mutations.replaying import replayed
from models.mutations.request import Accepted, Request
from models.project import ProjectService
from models.reads.hosts import hosts_of_others
from models.refusals import ServiceNotAvailable
from models.sealing import Sealer
from models.service import Service
from models.vocabulary import OperationKind, Role


def add_service(
    session: Session,
    request: Request,
    *,
    environment_id: str,
    project_service_id: str,
    change: Mapping[str, Any] | None,
    sealer: Sealer,
) -> Accepted:
    """Raises NotFound, Forbidden, InvalidInput, PhaseConflict, ServiceNotAvailable, IdempotencyConflict."""
    if earlier := replayed(session, request, Role.EDITOR):
        return earlier
    environment = locked_environment(session, request, environment_id, Role.EDITOR)
    blueprint = look_up(session, ProjectService, project_service_id)
    if blueprint is None or visible_project(session, request, blueprint.project_id) is None:
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
            taken=partial(hosts_of_others, session, environment, None),
            sealer=sealer,
            deployed=False,
        ),
    )
    session.add(service)
    session.flush()
    operation = queue_operation(session, environment, OperationKind.ADD_SERVICE, request, service)
    return Accepted(operation, environment, service)
