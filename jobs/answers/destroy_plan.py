"""What destroying an environment would remove and keep, looked up now."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from jobs.errors import Permanent
from jobs.ports import EnvironmentRef, Ports
from jobs.references import environment_ref
from jobs.runner import PortsOf
from models.database import Database
from models.destroy_plan import DestroyPlan, Keep, Removal, destroy_plan
from models.environment import Environment
from models.installation import installation_token
from models.operations.history import HistoryEntry, history
from models.project import Project
from models.service import Service


def answer_destroy_plan(database: Database, ports_of: PortsOf, environment_id: str) -> DestroyPlan:
    """Raises NotYet, Permanent, Transient when it can't be found out."""
    with database.reading() as session:
        asked = _read(session, environment_id)
    ports = ports_of(asked.cluster)
    inventory = ports.cluster.inventory(asked.environment)
    names = asked.services
    removals = [
        Removal(kind=ref.kind, name=ref.name, service=names.get(ref.service or "")) for ref in inventory.removals
    ]
    removals += _outside_the_cluster(ports, asked)
    removals += [Removal(kind=e.kind, name=e.name, service=e.service) for e in asked.history]
    keeps = [Keep(kind=ref.kind, name=ref.name, reason=reason) for ref, reason in inventory.keeps]
    return destroy_plan(removals, keeps)


@dataclass(frozen=True)
class _Asked:
    environment: EnvironmentRef
    cluster: str
    services: dict[str, str]
    history: Sequence[HistoryEntry]


def _outside_the_cluster(ports: Ports, asked: _Asked) -> list[Removal]:
    """Records and secrets, each with the first of its services by name; none where all of them are gone."""
    found = [
        Removal(kind="DnsRecord", name=f"{record.name} {record.type}", service=_first(asked, record.services))
        for record in ports.dns.records(asked.environment)
    ]
    secrets = ports.secrets.names(asked.environment)
    found += [Removal(kind="CloudSecret", name=name, service=_first(asked, [id_])) for name, id_ in secrets.items()]
    return found


def _first(asked: _Asked, service_ids: Iterable[str]) -> str | None:
    return min((asked.services[id_] for id_ in service_ids if id_ in asked.services), default=None)


def _read(session: Session, environment_id: str) -> _Asked:
    environment = session.get(Environment, environment_id)
    if environment is None:
        raise Permanent(f"There is no environment {environment_id!r}.")
    project = session.get_one(Project, environment.project_id)
    reference = environment_ref(environment, project, installation_token(session))
    services = session.exec(select(Service).where(col(Service.environment_id) == environment_id)).all()
    return _Asked(reference, environment.cluster, {s.id: s.name for s in services}, history(session, environment_id))
