"""What the sides on Python serve but ours: the rows of the benches in memory, and events."""

from dataclasses import dataclass
from datetime import datetime

import strawberry

from bench.seeds import ENVIRONMENTS, LONG_AGO, SERVICES, environment_row, service_row
from bench.workload import FOLLOWED
from models.vocabulary import EnvironmentPhase, ServiceKind, ServiceStatus
from schema import vocabulary

#: The module has made enums of the schema of them.
PHASES = vocabulary.EnvironmentPhase


@strawberry.type
class Service:
    id: strawberry.ID
    name: str
    kind: ServiceKind
    status: ServiceStatus
    status_reason: str | None
    revision: int


@strawberry.type
class ServiceConnection:
    nodes: list[Service]


@strawberry.type
class Environment:
    id: strawberry.ID
    name: str
    namespace: str
    phase: EnvironmentPhase
    phase_reason: str | None
    protected: bool
    created_at: datetime
    all_services: strawberry.Private[list[Service]]

    @strawberry.field
    def services(self, first: int | None = 50) -> ServiceConnection:
        return ServiceConnection(nodes=self.all_services[:first])


@strawberry.type
class EnvironmentConnection:
    nodes: list[Environment]


@strawberry.type
class PhaseTransition:
    sequence: int
    cursor: str
    previous: EnvironmentPhase | None
    phase: EnvironmentPhase
    reason: str | None
    at: datetime


@dataclass(frozen=True)
class Memory:
    by_id: dict[str, Environment]

    def environment(self, id_: str) -> Environment | None:
        return self.by_id.get(id_)

    def environments(self, first: int | None) -> EnvironmentConnection:
        return EnvironmentConnection(nodes=list(self.by_id.values())[:first])


def memory() -> Memory:
    environments = [_environment(number) for number in range(ENVIRONMENTS)]
    return Memory({environment.id: environment for environment in environments})


def _environment(number: int) -> Environment:
    row = environment_row(number)
    return Environment(
        id=strawberry.ID(row.id),
        name=row.name,
        namespace=row.namespace,
        phase=row.phase,
        phase_reason=row.phase_reason,
        protected=row.protected,
        created_at=row.created_at,
        all_services=[_service(number, index) for index in range(SERVICES)],
    )


def _service(environment: int, index: int) -> Service:
    row = service_row(environment, index)
    return Service(
        id=strawberry.ID(row.id),
        name=row.name,
        kind=row.kind,
        status=row.status,
        status_reason=row.status_reason,
        revision=row.revision,
    )


def transition(number: int) -> PhaseTransition:
    return PhaseTransition(
        sequence=number,
        cursor=f"{FOLLOWED}:{number}".ljust(88, "="),  # as long as the product's
        previous=EnvironmentPhase.UPDATING,
        phase=EnvironmentPhase.ACTIVE,
        reason=None,
        at=LONG_AGO,
    )
