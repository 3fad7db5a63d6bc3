"""The product's database, replaced by rows in memory: what is left is what the server itself costs."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bench.seeds import ENVIRONMENTS, SERVICES, environment_row, service_row
from models.audit.recording import audited
from models.environment import Environment
from models.installation import read_installation
from models.mutations.request import Accepted
from models.operation import Installation, Operation
from models.reads.listing import read_page, read_pages
from models.reads.lookup import rows_by_id
from models.service import Service
from models.vocabulary import OperationKind


class MemoryDatabase:
    """In the place of an `AsyncDatabase`: answers those functions of the models that the benches' documents lead to."""

    def __init__(self) -> None:
        self._environments = {row.id: row for row in map(environment_row, range(ENVIRONMENTS))}
        self._services = {
            environment.id: [service_row(number, index) for index in range(SERVICES)]
            for number, environment in enumerate(self._environments.values())
        }
        self._by_id = {service.id: service for services in self._services.values() for service in services}
        self._answers: Mapping[Callable[..., Any], Callable[..., Any]] = {
            read_installation: lambda: Installation(token="memory"),
            rows_by_id: self._environments_by_id,
            read_page: self._page_of_environments,
            read_pages: self._pages_of_services,
            audited: self._accepted,
        }

    async def read(self, function: Callable[..., Any], *args: object, **options: object) -> Any:
        return self._answers[function](*args, **options)

    write = read

    async def close(self) -> None:
        """There is nothing to close."""

    def _environments_by_id(self, _access: object, _table: object, ids: Sequence[str]) -> dict[str, Environment]:
        return {id_: self._environments[id_] for id_ in ids if id_ in self._environments}

    def _page_of_environments(self, _listing: object, limit: int, _after: object) -> Sequence[Environment]:
        return list(self._environments.values())[:limit]

    def _pages_of_services(
        self, _listing: object, parents: Sequence[str], limit: int, _after: object
    ) -> dict[str, Sequence[Service]]:
        return {parent: self._services[parent][:limit] for parent in parents}

    def _accepted(self, _mutation: object, _request: object, *, service_id: str, **_options: object) -> Accepted:
        service = self._by_id[service_id]
        environment = self._environments[service.environment_id]
        operation = Operation(
            environment_id=environment.id,
            number=1,
            kind=OperationKind.UPDATE_SERVICE,
            service_id=service.id,
            service_name=service.name,
            requested_by="local",
        )
        return Accepted(operation, environment, service)
