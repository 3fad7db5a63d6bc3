"""One run of the whole product for the tests that leave it as they found it."""

from collections.abc import Generator

import pytest

from tests.system.outside import Outside
from tests.system.running import Phaseline


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Generator[Phaseline]:
    """It looks at health each second."""
    folder = tmp_path_factory.mktemp("shared") / "state"
    running = Phaseline(folder, settings={"RECONCILE_SECONDS": "1"}).start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def outside(shared: Phaseline) -> Generator[Outside]:
    outside = Outside(shared)
    yield outside
    outside.close()
