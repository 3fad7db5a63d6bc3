"""deleteService."""

from collections.abc import Sequence

from sqlmodel import Session

from models.mutations.finding import locked_service, require_editable
from models.mutations.queueing import queue_operation, stop_others
from models.mutations.replaying import replayed
from models.mutations.request import Accepted, Request
from models.mutations.update_service import require_not_deleting
from models.reads.dependents import dependents
from models.refusals import ConfirmationMismatch, ProtectedFromRemoval
from models.sealing import Sealer
from models.vocabulary import OperationKind, Role, ServiceStatus


def delete_service(session: Session, request: Request, *, service_id: str, confirm: bool, sealer: Sealer) -> Accepted:
    """Raises NotFound, Forbidden, PhaseConflict, ConfirmationMismatch, ProtectedFromRemoval, IdempotencyConflict."""
    if earlier := replayed(session, request, Role.EDITOR):
        return earlier
    environment, service = locked_service(session, request, service_id, Role.EDITOR)
    require_editable(environment)
    require_not_deleting(environment, service)
    if environment.protected:
        raise ProtectedFromRemoval(
            f"Environment {environment.name!r} is protected, so service {service.name!r} can't be deleted. "
            "An admin can lift that with setEnvironmentProtection."
        )
    if not confirm:
        raise ConfirmationMismatch(
            f"Deleting service {service.name!r} removes its pods, ingress rules, DNS records and secrets for good. "
            f"{_who_depends_on_it(dependents(session, environment, service, sealer))}Send confirm: true to do it."
        )
    others = stop_others(session, environment, f"Service {service.name!r} is being deleted.", service.id)
    service.status = ServiceStatus.DELETING
    service.status_reason = None
    session.add(service)
    operation = queue_operation(session, environment, OperationKind.DELETE_SERVICE, request, service)
    return Accepted(operation, environment, service, others=others)


def _who_depends_on_it(names: Sequence[str]) -> str:
    match names:
        case []:
            return ""
        case [name]:
            return f"Service {name!r} depends on it: a variable names it as a host. "
        case _:
            listed = ", ".join(map(repr, names))
            return f"Services {listed} depend on it: their variables name it as a host. "
