"""deleteService."""

from sqlmodel import Session

from models.mutations.finding import locked_service, require_editable
from models.mutations.queueing import queue_operation, stop_others
from models.mutations.replaying import replayed
from models.mutations.request import Accepted, Request
from models.mutations.update_service import require_not_deleting
from models.refusals import ConfirmationMismatch, ProtectedFromRemoval
from models.vocabulary import OperationKind, Role, ServiceStatus


def delete_service(session: Session, request: Request, *, service_id: str, confirm: bool) -> Accepted:
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
            "Send confirm: true to do it."
        )
    others = stop_others(session, environment, f"Service {service.name!r} is being deleted.", service.id)
    service.status = ServiceStatus.DELETING
    service.status_reason = None
    session.add(service)
    operation = queue_operation(session, environment, OperationKind.DELETE_SERVICE, request, service)
    return Accepted(operation, environment, service, others=others)
