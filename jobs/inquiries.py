"""Answers what the API asks of a worker because it has no rights in the cluster and the cloud itself."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog
from sqlmodel import Session, col, select

from jobs.errors import NotYet, Permanent, Transient
from jobs.ports import EnvironmentRef, Ports
from jobs.queue import Queue, Ring
from models.database import Database
from models.destroy_plan import DestroyPlan, Keep, Removal, destroy_plan
from models.environment import Environment
from models.inquiries import answer, forget_old, open_inquiries, take
from models.operations.history import HistoryEntry, history
from models.project import Project
from models.service import Service

log = structlog.get_logger("phaseline.inquiries")

DESTROY_PLAN = "destroy_plan"


@dataclass(frozen=True)
class _Asked:
    environment: EnvironmentRef
    cluster: str
    services: dict[str, str]
    history: Sequence[HistoryEntry]


@dataclass(frozen=True)
class Inquiries:
    database: Database
    queue: Queue
    ports_of: Callable[[str], Ports]

    def answer(self, inquiry_id: str) -> None:
        """Answers an inquiry unless another worker does. What can't be answered is answered with the reason."""
        with self.database.writing() as session:
            inquiry = take(session, inquiry_id)
        if inquiry is None:
            return
        text = error = None
        try:
            text = self._destroy_plan(inquiry.subject_id).model_dump_json()
        except (NotYet, Permanent, Transient) as refusal:
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

    def _destroy_plan(self, environment_id: str) -> DestroyPlan:
        with self.database.reading() as session:
            asked = _read(session, environment_id)
        ports = self.ports_of(asked.cluster)
        inventory = ports.cluster.inventory(asked.environment)
        names = asked.services
        removals = [
            Removal(kind=ref.kind, name=ref.name, service=names.get(ref.service or "")) for ref in inventory.removals
        ]
        removals += self._outside_the_cluster(ports, asked)
        removals += [Removal(kind=e.kind, name=e.name, service=e.service) for e in asked.history]
        keeps = [Keep(kind=ref.kind, name=ref.name, reason=reason) for ref, reason in inventory.keeps]
        return destroy_plan(removals, keeps)

    def _outside_the_cluster(self, ports: Ports, asked: _Asked) -> list[Removal]:
        """Records and secrets, by service; those of services that are not there any more at the end."""
        found: dict[tuple[str, str], str | None] = {}
        for service_id, name in [*asked.services.items(), (None, None)]:
            for record in ports.dns.records(asked.environment, service_id):
                found.setdefault(("DnsRecord", f"{record.name} {record.type}"), name)
            for secret in ports.secrets.names(asked.environment, service_id):
                found.setdefault(("CloudSecret", secret), name)
        return [Removal(kind=kind, name=name, service=service) for (kind, name), service in found.items()]


def _read(session: Session, environment_id: str) -> _Asked:
    environment = session.get(Environment, environment_id)
    if environment is None:
        raise Permanent(f"There is no environment {environment_id!r}.")
    project = session.get_one(Project, environment.project_id)
    services = session.exec(select(Service).where(col(Service.environment_id) == environment_id)).all()
    reference = EnvironmentRef(
        id=environment.id,
        name=environment.name,
        project=project.name,
        namespace=environment.namespace,
        domain=environment.domain,
        namespace_uid=environment.namespace_uid,
    )
    return _Asked(reference, environment.cluster, {s.id: s.name for s in services}, history(session, environment_id))
