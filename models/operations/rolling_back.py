"""What becomes of a service whose update failed, where the installation says that such a service is rolled back."""

from sqlmodel import Session, col, select

from models.access import Access
from models.environment import Environment
from models.mutations.request import Request
from models.mutations.rollback_service import queue_rollback
from models.operation import Operation
from models.phases import EDITABLE
from models.refusals import InvalidInput
from models.service import Release, Service
from models.vocabulary import OperationKind, Role, ServiceStatus

#: Who asks for what nobody has asked for.
OURSELVES = Access("phaseline", Role.ADMIN)


def roll_back_failed_update(session: Session, environment: Environment, operation: Operation) -> Operation | None:
    """Queues a rollback to the latest release that succeeded, in the transaction that ends the failed update.

    None: it was no update, there is no such release or it can't be had back, or something newer was asked of the
    service. The environment's row must be locked.
    """
    if operation.kind is not OperationKind.UPDATE_SERVICE or environment.phase not in EDITABLE:
        return None
    service = session.get(Service, operation.service_id, populate_existing=True)
    if service is None or service.status is ServiceStatus.DELETING or service.revision != operation.revision:
        return None
    release = session.exec(
        select(Release)
        .where(Release.service_id == service.id, col(Release.succeeded).is_(True))
        .order_by(col(Release.revision).desc())
    ).first()
    if release is None:
        return None
    try:
        return queue_rollback(session, environment, service, release, Request(OURSELVES))
    except InvalidInput:
        return None
