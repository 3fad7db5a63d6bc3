"""previewServiceUpdate: what updateService would be asked, put to a worker instead."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from models.inquiries import InquiryKind, ask
from models.mutations.finding import locked_service, require_editable
from models.mutations.request import Request
from models.mutations.update_service import changed_configuration, require_not_deleting
from models.operation import Inquiry
from models.sealing import Sealer
from models.vocabulary import Role


def preview_service_update(
    session: Session, request: Request, *, service_id: str, change: Mapping[str, Any], sealer: Sealer
) -> Inquiry:
    """Refuses what updateService refuses: raises NotFound, Forbidden, InvalidInput, PhaseConflict."""
    environment, service = locked_service(session, request, service_id, Role.EDITOR)
    require_editable(environment)
    require_not_deleting(environment, service)
    configuration = changed_configuration(session, environment, service, change, sealer)
    return ask(session, InquiryKind.SERVICE_PREVIEW, service.id, configuration.model_dump_json())
