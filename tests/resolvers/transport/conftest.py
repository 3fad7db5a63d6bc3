from collections.abc import Generator

import pytest
import structlog

from tests.resolvers.transport.running import Server, serving


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
def log() -> Generator[list[structlog.typing.EventDict]]:
    """What is logged while a module's tests run."""
    with structlog.testing.capture_logs() as entries:
        yield entries


@pytest.fixture(scope="module")
def server(log: list[structlog.typing.EventDict]) -> Generator[Server]:
    with serving() as running:
        yield running
