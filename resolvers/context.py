"""What a resolver works with: who is asking, and what the process holds."""

from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeAlias, TypeVar

import strawberry
from sqlmodel import Session

from models.access import Access
from resolvers.failures import unavailability_told
from resolvers.loaders import OperationLoaders
from resolvers.process import Process
from resolvers.transport import Call

P = ParamSpec("P")
R = TypeVar("R")


class OperationContext:
    """Of one GraphQL operation, or of one event of a subscription."""

    def __init__(self, process: Process, access: Access, source: str | None = None) -> None:
        """`source` is the address that the operation came from."""
        self.process = process
        self.access = access
        self.source = source
        self._loaders: OperationLoaders | None = None

    @property
    def loaders(self) -> OperationLoaders:
        """Made when something is first loaded: most events of subscriptions load nothing."""
        if self._loaders is None:
            self._loaders = OperationLoaders(self.process, self.access, self.read, self.write)
        return self._loaders

    def forget(self) -> None:
        """What was loaded so far may not be so any more."""
        self._loaders = None

    async def read(self, function: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Raises GraphQLError with the code UNAVAILABLE when the database is away."""
        with unavailability_told():
            return await self.process.database.read(function, *args, **kwargs)

    async def write(self, function: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """One transaction. Raises GraphQLError with the code UNAVAILABLE when the database is away."""
        with unavailability_told():
            return await self.process.database.write(function, *args, **kwargs)


Info: TypeAlias = strawberry.Info[OperationContext, None]


def context_of(call: Call) -> OperationContext:
    access = call.caller.viewer
    assert isinstance(access, Access)
    client = call.connection.client
    return OperationContext(call.connection.state.process, access, client.host if client else None)
