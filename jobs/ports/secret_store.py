"""The port of the secret store."""

from collections.abc import Mapping, Sequence
from typing import Protocol, Self

from jobs.ports.guard import Guard
from jobs.ports.subjects import EnvironmentRef, ServiceRef


class SecretStore(Protocol):
    """The secret store of one account. A service has at most one secret there: a JSON object of its variables."""

    def under(self, guard: Guard) -> Self:
        """The same, which calls `guard` right before each request that changes something."""
        ...

    def put(self, service: ServiceRef, values: Mapping[str, str], fence: int) -> None:
        """Makes the service's secret these values (none: removes it). Restores it first if its deletion is scheduled.

        Raises Permanent when a secret of that name is not ours, Overtaken when a newer operation has written it.
        """
        ...

    def names(self, environment: EnvironmentRef, service_id: str | None = None) -> Mapping[str, str]:
        """The names of our secrets that are not deleted or scheduled for deletion, each with its service's id."""
        ...

    def ailments(self, service: ServiceRef, values: Mapping[str, str]) -> Sequence[str]:
        """What keeps the service's secret from being these values, in words; nothing: all is well. Only looks."""
        ...

    def remove(self, environment: EnvironmentRef, service_id: str | None = None) -> None:
        """Deletes our secrets by the policy set (recovery window or at once). Raises NotYet until none is left."""
        ...
