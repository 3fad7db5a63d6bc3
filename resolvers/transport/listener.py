"""The results' way out, whatever the client listens with."""

from typing import Protocol


class Listener(Protocol):
    """One operation of one client."""

    def begin(self) -> None:
        """Results will come: the operation was accepted."""
        ...

    def next(self, response: bytes) -> None:
        """Takes one response. Never waits."""
        ...

    async def ready(self) -> None:
        """Waits until the client has taken what it was sent."""
        ...
