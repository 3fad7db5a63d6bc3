"""What a step gets to know, and what it gives back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from jobs.errors import Blocker
from jobs.ports import Desired, EnvironmentRef, Ports, Records, ServiceRef
from models.configuration import ServiceConfiguration
from models.operation import Facts


@dataclass(frozen=True)
class Done:
    """The step has succeeded. `count`: how many things it dealt with."""

    message: str | None = None
    count: int | None = None
    facts: Facts | None = None


@dataclass(frozen=True)
class Skipped:
    """There was nothing to do. `left`: what stays because of that, and why."""

    message: str
    left: Sequence[Blocker] = ()


Outcome = Done | Skipped


@dataclass(frozen=True)
class StepContext:
    """One operation, as its steps see it. `number` is the fence that the outside compares."""

    number: int
    environment: EnvironmentRef
    ports: Ports
    records: Records
    facts: Facts
    #: None for a destroy.
    service_or_none: ServiceRef | None = None
    revision: int = 0
    configuration_or_none: ServiceConfiguration | None = None
    #: An admin has said that the cluster is gone for good: nothing is asked of it, and what it held is left.
    cluster_abandoned: bool = False
    #: The service's secret variables in clear. Called by the steps that hand them on, and kept by none.
    open_secrets: Callable[[], Mapping[str, str]] = field(default=dict)

    @property
    def service(self) -> ServiceRef:
        if self.service_or_none is None:
            raise LookupError("this operation has no service")
        return self.service_or_none

    @property
    def configuration(self) -> ServiceConfiguration:
        if self.configuration_or_none is None:
            raise LookupError("this operation deploys nothing")
        return self.configuration_or_none

    def desired(self, image: str) -> Desired:
        return Desired(self.configuration, image, self.open_secrets(), self.revision, self.number)


Step = Callable[[StepContext], Outcome]
