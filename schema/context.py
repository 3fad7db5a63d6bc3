"""What the fields of types may ask for, of the operation that they are part of."""

from __future__ import annotations

from collections.abc import Awaitable, Hashable, Sequence
from typing import TYPE_CHECKING, Protocol, TypeAlias, TypeVar

import strawberry

if TYPE_CHECKING:
    from schema.destroy_plan import DestroyPlan
    from schema.environment import Environment, EnvironmentConnection
    from schema.operation import Operation, OperationConnection, OperationStep
    from schema.phase_transition import PhaseTransitionConnection
    from schema.project import Project
    from schema.project_service import ProjectServiceConnection
    from schema.release import ReleaseConnection
    from schema.service import Service, ServiceConnection
    from schema.workflow import WorkflowConnection

K = TypeVar("K", bound=Hashable, contravariant=True)
T = TypeVar("T", covariant=True)


class Loader(Protocol[K, T]):
    """Finds one thing by its key. Those that are asked for together share a statement."""

    def load(self, key: K) -> Awaitable[T]: ...
    def load_many(self, keys: Sequence[K]) -> Awaitable[Sequence[T]]: ...


class Pages(Protocol[T]):
    """The list of each parent, page by page. Equal pages of many parents share a statement."""

    def of(self, parent: str, first: int | None, after: str | None) -> Awaitable[T]:
        """Raises GraphQLError for a page that can't be."""
        ...

    def of_all(self, parents: Sequence[str], first: int | None, after: str | None) -> Awaitable[Sequence[T]]:
        """Raises GraphQLError for a page that can't be."""
        ...


class Loaders(Protocol):
    """Everything that the fields of types load. What the caller may not see is not found."""

    @property
    def project(self) -> Loader[str, Project]: ...
    @property
    def environment(self) -> Loader[str, Environment]: ...
    @property
    def operation(self) -> Loader[str, Operation]: ...
    @property
    def possible_operation(self) -> Loader[str, Operation | None]: ...
    @property
    def service_by_name(self) -> Loader[tuple[str, str], Service | None]: ...
    @property
    def steps(self) -> Loader[str, list[OperationStep]]: ...
    @property
    def destroy_plan(self) -> Loader[str, DestroyPlan]: ...

    @property
    def project_services(self) -> Pages[ProjectServiceConnection]: ...
    @property
    def project_environments(self) -> Pages[EnvironmentConnection]: ...
    @property
    def environment_services(self) -> Pages[ServiceConnection]: ...
    @property
    def available_services(self) -> Pages[ProjectServiceConnection]: ...
    @property
    def environment_operations(self) -> Pages[OperationConnection]: ...
    @property
    def phase_history(self) -> Pages[PhaseTransitionConnection]: ...
    @property
    def service_operations(self) -> Pages[OperationConnection]: ...
    @property
    def releases(self) -> Pages[ReleaseConnection]: ...
    @property
    def workflows(self) -> Pages[WorkflowConnection]: ...


class Context(Protocol):
    """What strawberry hands to every resolver."""

    @property
    def loaders(self) -> Loaders: ...


Info: TypeAlias = strawberry.Info[Context, None]
