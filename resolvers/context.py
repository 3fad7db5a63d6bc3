"""What a resolver works with: who is asking, and what the process holds."""

from typing import TypeAlias

import strawberry

from models.access import Access
from resolvers.loaders import OperationLoaders
from resolvers.process import Process
from resolvers.transport import Call


class OperationContext:
    """Of one GraphQL operation, or of one event of a subscription."""

    def __init__(self, process: Process, access: Access, source: str | None = None) -> None:
        """`source` is the address that the operation came from."""
        self.process = process
        self.access = access
        self.source = source
        self.read = process.read
        self.write = process.write
        self._loaders: OperationLoaders | None = None

    @property
    def loaders(self) -> OperationLoaders:
        """Made when something is first loaded: most events of subscriptions load nothing."""
        if self._loaders is None:
            self._loaders = OperationLoaders(self.process, self.access)
        return self._loaders

    def forget(self) -> None:
        """What was loaded so far may not be so any more."""
        self._loaders = None


Info: TypeAlias = strawberry.Info[OperationContext, None]


def context_of(call: Call) -> OperationContext:
    access = call.caller.viewer
    assert isinstance(access, Access)
    client = call.connection.client
    return OperationContext(call.connection.state.process, access, client.host if client else None)
