from pathlib import Path

import pytest

from resolvers.transport.graphiql.assets import LOCK
from resolvers.transport.graphiql.install import install
from tests.node.run import CACHE, digest_of


@pytest.fixture(scope="session")
def installed() -> Path:
    """A folder with GraphiQL's files; filled once for each content of the lock file."""
    folder = CACHE.parent / "graphiql" / digest_of(LOCK)
    if not folder.exists():
        install(folder)
    return folder
