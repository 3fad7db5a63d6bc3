"""Answers what the API asks of a worker because it has no rights in the cluster and the cloud itself."""

from collections.abc import Callable
from dataclasses import dataclass

import structlog
from pydantic import BaseModel

from jobs.answers.destroy_plan import answer_destroy_plan
from jobs.answers.leftovers import answer_leftovers, remove_leftovers
from jobs.answers.service_preview import answer_service_preview
from jobs.errors import NotYet, Permanent, Transient
from jobs.queue import Queue, Ring
from jobs.runner import PortsOf
from models.database import Database
from models.inquiries import InquiryKind, answer, forget_old, open_inquiries, take
from models.operation import Inquiry
from models.sealing import SealBroken, Sealer

log = structlog.get_logger("phaseline.inquiries")


@dataclass(frozen=True)
class Inquiries:
    database: Database
    queue: Queue
    ports_of: PortsOf
    sealer: Sealer

    def answer(self, inquiry_id: str) -> None:
        """Answers an inquiry unless another worker does. What can't be answered is answered with the reason."""
        with self.database.writing() as session:
            inquiry = take(session, inquiry_id)
        if inquiry is None:
            return
        text = error = None
        try:
            text = self._look(inquiry).model_dump_json()
        except (NotYet, Permanent, Transient, SealBroken) as refusal:
            error = str(refusal)
        with self.database.writing() as session:
            answer(session, inquiry_id, text, error)
            forget_old(session)
        self.queue.ring(Ring(inquiry=inquiry_id))

    def sweep(self, offer: Callable[[str], bool]) -> None:
        """Offers those whose message was lost. Raises SQLAlchemyError when the database is away."""
        with self.database.reading() as session:
            found = open_inquiries(session, limit=10)
        for inquiry_id in found:
            offer(inquiry_id)

    def _look(self, inquiry: Inquiry) -> BaseModel:
        subject, details = inquiry.subject_id, inquiry.details or ""
        match InquiryKind(inquiry.kind):
            case InquiryKind.DESTROY_PLAN:
                return answer_destroy_plan(self.database, self.ports_of, subject)
            case InquiryKind.SERVICE_PREVIEW:
                return answer_service_preview(self.database, self.ports_of, self.sealer, subject, details)
            case InquiryKind.LEFTOVERS:
                return answer_leftovers(self.database, self.ports_of, subject)
            case InquiryKind.REMOVE_LEFTOVERS:
                return remove_leftovers(self.database, self.ports_of, subject, details)
