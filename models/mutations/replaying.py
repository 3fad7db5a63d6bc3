"""The answer to a request that was made before."""

from sqlmodel import Session

from models.environment import Environment
from models.mutations.authority import require_role, visible_project
from models.mutations.finding import not_found
from models.mutations.request import Accepted, Request, claim_key
from models.operation import Operation
from models.service import Service
from models.vocabulary import Role


def replayed(session: Session, request: Request, role: Role) -> Accepted | None:
    """What the request's key led to, the operation as it is now; None, and the key is taken, when it is new.

    `role` is what the mutation takes: who has lost it since is not answered.
    Raises NotFound, Forbidden, IdempotencyConflict, InvalidInput.
    """
    operation_id = claim_key(session, request)
    if operation_id is None:
        return None
    operation = session.get_one(Operation, operation_id)
    environment = session.get_one(Environment, operation.environment_id)
    project = visible_project(session, request, environment.project_id)
    if project is None:
        raise not_found(operation_id, "operationId", "opr")
    require_role(request, project, role)
    service = session.get(Service, operation.service_id) if operation.service_id else None
    return Accepted(operation, environment, service, replayed=True)
