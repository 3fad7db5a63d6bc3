"""Fixtures that many tests share."""

from collections.abc import Generator
from pathlib import Path

import pytest

from models.database import Database, open_database
from models.migrate import upgrade


@pytest.fixture
def database(tmp_path: Path) -> Generator[Database]:
    """An empty, migrated SQLite database."""
    database = open_database(f"sqlite:///{tmp_path}/phaseline.db")
    upgrade(database)
    yield database
    database.close()
