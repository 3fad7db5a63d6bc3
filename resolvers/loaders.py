"""What the fields of one operation load: what is asked for together comes in one statement."""

# Loaders are made for each operation: the annotations of their functions take long to evaluate
from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from functools import cached_property
from typing import Generic, TypeVar

from models.access import Access
from models.environment import Environment as EnvironmentRow
from models.environment import PhaseTransition as PhaseTransitionRow
from models.operation import Operation as OperationRow
from models.project import Project as ProjectRow
from models.project import ProjectService as ProjectServiceRow
from models.reads.lookup import rows_by_id, services_by_name, steps_of_operations
from models.reads.scope import Visible
from models.service import Release as ReleaseRow
from models.service import Service as ServiceRow
from models.workflow import Workflow as WorkflowRow
from resolvers import views
from resolvers.batching import Loader
from resolvers.failures import FailureCode, failure
from resolvers.inquiries import ask_destroy_plans
from resolvers.paging import ParentPages
from resolvers.process import Process
from schema.destroy_plan import DestroyPlan
from schema.environment import Environment, EnvironmentConnection
from schema.operation import Operation, OperationConnection, OperationStep
from schema.phase_transition import PhaseTransitionConnection
from schema.project import Project
from schema.project_service import ProjectService, ProjectServiceConnection
from schema.release import Release, ReleaseConnection
from schema.service import Service, ServiceConnection
from schema.workflow import Workflow, WorkflowConnection

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")
Row = TypeVar("Row", bound=Visible)


class Certain(Generic[K, T]):
    """What an object that was just read refers to."""

    def __init__(self, loader: Loader[K, T | None]) -> None:
        self._loader = loader

    async def load(self, key: K) -> T:
        """Raises GraphQLError when it was removed meanwhile."""
        [found] = await self.load_many([key])
        return found

    async def load_many(self, keys: Sequence[K]) -> list[T]:
        """Raises GraphQLError when one was removed meanwhile."""
        found = await self._loader.load_many(keys)
        return [self._certain(key, value) for key, value in zip(keys, found, strict=True)]

    def _certain(self, key: K, found: T | None) -> T:
        if found is None:
            raise failure(f"{key!r} was removed while it was asked for. Ask again.", FailureCode.GONE)
        return found


class OperationLoaders:
    """Made for each operation, and anew after each mutation in it. Fills when something is first asked for."""

    # Its loaders don't hold it: so it is freed with all that it has loaded when its operation ends, not later

    def __init__(self, process: Process, access: Access) -> None:
        self._process = process
        self._access = access
        self._read = process.read

    def _by_id(self, table: type[Row], node_of: Callable[[Row], T]) -> Loader[str, T | None]:
        read, access = self._read, self._access

        async def load(ids: list[str]) -> list[T | None]:
            rows = await read(rows_by_id, access, table, ids)
            return [node_of(rows[id_]) if id_ in rows else None for id_ in ids]

        return Loader(load)

    @cached_property
    def possible_project(self) -> Loader[str, Project | None]:
        return self._by_id(ProjectRow, Project.of)

    @cached_property
    def possible_project_service(self) -> Loader[str, ProjectService | None]:
        return self._by_id(ProjectServiceRow, ProjectService.of)

    @cached_property
    def possible_environment(self) -> Loader[str, Environment | None]:
        return self._by_id(EnvironmentRow, Environment.of)

    @cached_property
    def possible_service(self) -> Loader[str, Service | None]:
        return self._by_id(ServiceRow, Service.of)

    @cached_property
    def possible_release(self) -> Loader[str, Release | None]:
        return self._by_id(ReleaseRow, Release.of)

    @cached_property
    def possible_workflow(self) -> Loader[str, Workflow | None]:
        return self._by_id(WorkflowRow, Workflow.of)

    @cached_property
    def possible_operation(self) -> Loader[str, Operation | None]:
        return self._by_id(OperationRow, Operation.of)

    @cached_property
    def project(self) -> Certain[str, Project]:
        return Certain(self.possible_project)

    @cached_property
    def environment(self) -> Certain[str, Environment]:
        return Certain(self.possible_environment)

    @cached_property
    def operation(self) -> Certain[str, Operation]:
        return Certain(self.possible_operation)

    @cached_property
    def service_by_name(self) -> Loader[tuple[str, str], Service | None]:
        read = self._read

        async def load(names: list[tuple[str, str]]) -> list[Service | None]:
            rows = await read(services_by_name, names)
            return [Service.of(rows[name]) if name in rows else None for name in names]

        return Loader(load)

    @cached_property
    def steps(self) -> Loader[str, list[OperationStep]]:
        read = self._read

        async def load(operation_ids: list[str]) -> list[list[OperationStep]]:
            steps = await read(steps_of_operations, operation_ids)
            return [[OperationStep.of(step) for step in steps[operation_id]] for operation_id in operation_ids]

        return Loader(load)

    @cached_property
    def destroy_plan(self) -> Loader[str, DestroyPlan]:
        process = self._process

        async def load(environment_ids: list[str]) -> Sequence[DestroyPlan | BaseException]:
            plans = await ask_destroy_plans(process, process.read, process.write, environment_ids)
            return [plan if isinstance(plan, BaseException) else DestroyPlan.of(plan) for plan in plans]

        return Loader(load)

    @cached_property
    def project_services(self) -> ParentPages[ProjectServiceRow, ProjectServiceConnection]:
        return ParentPages(self._read, views.PROJECT_SERVICES)

    @cached_property
    def project_environments(self) -> ParentPages[EnvironmentRow, EnvironmentConnection]:
        return ParentPages(self._read, views.PROJECT_ENVIRONMENTS)

    @cached_property
    def environment_services(self) -> ParentPages[ServiceRow, ServiceConnection]:
        return ParentPages(self._read, views.ENVIRONMENT_SERVICES)

    @cached_property
    def available_services(self) -> ParentPages[ProjectServiceRow, ProjectServiceConnection]:
        return ParentPages(self._read, views.AVAILABLE_SERVICES)

    @cached_property
    def environment_operations(self) -> ParentPages[OperationRow, OperationConnection]:
        return ParentPages(self._read, views.ENVIRONMENT_OPERATIONS)

    @cached_property
    def phase_history(self) -> ParentPages[PhaseTransitionRow, PhaseTransitionConnection]:
        return ParentPages(self._read, views.PHASE_HISTORY)

    @cached_property
    def service_operations(self) -> ParentPages[OperationRow, OperationConnection]:
        return ParentPages(self._read, views.SERVICE_OPERATIONS)

    @cached_property
    def releases(self) -> ParentPages[ReleaseRow, ReleaseConnection]:
        return ParentPages(self._read, views.RELEASES)

    @cached_property
    def workflows(self) -> ParentPages[WorkflowRow, WorkflowConnection]:
        return ParentPages(self._read, views.WORKFLOWS)
