"""What a resolver works with: who is asking, and what the process holds."""

from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeAlias, TypeVar

import strawberry
from sqlmodel import Session

from models.access import Access
from resolvers.failures import unavailability_told
from resolvers.loaders import OperationLoaders
from resolvers.process import Process

P = ParamSpec("P")
R = TypeVar("R")


class OperationContext:
    """Of one GraphQL operation, or of one event of a subscription."""

    def __init__(self, process: Process, access: Access, source: str | None = None) -> None:
        """`source` is the address that the operation came from."""
        self.process = process
        self.access = access
        self.source = source
        self.loaders = self.new_loaders()

    def new_loaders(self) -> OperationLoaders:
        return OperationLoaders(self.process, self.access, self.read, self.write)

    def forget(self) -> None:
        """What was loaded so far may not be so any more."""
        self.loaders = self.new_loaders()

    async def read(self, function: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Raises GraphQLError with the code UNAVAILABLE when the database is away."""
        with unavailability_told():
            return await self.process.database.read(function, *args, **kwargs)

    async def write(self, function: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """One transaction. Raises GraphQLError with the code UNAVAILABLE when the database is away."""
        with unavailability_told():
            return await self.process.database.write(function, *args, **kwargs)


Info: TypeAlias = strawberry.Info[OperationContext, None]
