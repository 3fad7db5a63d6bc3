"""What a service runs, by its kind."""

import pytest

from models.configuration import EngineSource, GitSource, ImageSource
from models.vocabulary import Engine, ServiceKind
from tests.models.configuration.rules.judging import a_configuration, found, refused

VERSION = ("source", "engine", "version")
GIT = GitSource(repository="https://example.com/web", ref="main", image="registry.example.com/web")
IMAGE = ImageSource(image="nginx")


@pytest.mark.parametrize("source", [IMAGE, GIT], ids=["image", "git"])
def test_a_datasource_runs_an_engine(source: ImageSource | GitSource) -> None:
    assert found(source=source) == {}
    messages = found(ServiceKind.DATASOURCE, source=source)
    assert refused(messages, ("source", source.type), "A DATASOURCE runs an engine: give source.engine instead")


@pytest.mark.parametrize("kind", [ServiceKind.APPLICATION, ServiceKind.WORKER, ServiceKind.CRON_JOB])
def test_nobody_else_does(kind: ServiceKind) -> None:
    messages = found(kind, source=EngineSource(engine=Engine.REDIS, version="7.4"))
    assert refused(messages, ("source", "engine"), kind.value, "runs an image or a git source")


@pytest.mark.parametrize(
    ("engine", "version"),
    [
        (Engine.POSTGRES, "14"),
        (Engine.POSTGRES, "18.0"),
        (Engine.POSTGRES, "17.60"),
        (Engine.MYSQL, "8"),
        (Engine.MYSQL, "8.4"),
        (Engine.MYSQL, "9.5.1"),
        (Engine.REDIS, "6.2"),
        (Engine.REDIS, "8"),
        (Engine.MONGODB, "8.2.3"),
    ],
)
def test_a_known_version(engine: Engine, version: str) -> None:
    source = EngineSource(engine=engine, version=version)
    assert found(ServiceKind.DATASOURCE, source=source) == {}


@pytest.mark.parametrize(
    ("engine", "version"),
    [
        (Engine.POSTGRES, ""),
        (Engine.POSTGRES, "latest"),
        (Engine.POSTGRES, "13"),
        (Engine.POSTGRES, "19"),
        (Engine.POSTGRES, "17-alpine"),
        (Engine.POSTGRES, "17."),
        (Engine.POSTGRES, "17.61"),
        (Engine.POSTGRES, "17.03"),
        (Engine.POSTGRES, "17.3.1"),
        (Engine.POSTGRES, "17.٣"),
        (Engine.POSTGRES, "17\n"),
        (Engine.POSTGRES, " 17"),
        (Engine.MYSQL, "5.7"),
        (Engine.MYSQL, "8.1"),
        (Engine.REDIS, "7.1"),
        (Engine.MONGODB, "8.1"),
        (Engine.MONGODB, "8.0." + "1" * 10_000),
    ],
)
def test_an_unknown_version_is_refused_with_those_that_are_known(engine: Engine, version: str) -> None:
    messages = found(ServiceKind.DATASOURCE, source=EngineSource(engine=engine, version=version))
    assert refused(messages, VERSION, engine.value, repr(version)[:50], "Known: ")
    assert len(messages[VERSION]) < 300


def test_a_deployed_datasource_keeps_its_engine() -> None:
    redis = a_configuration(ServiceKind.DATASOURCE)
    messages = found(ServiceKind.DATASOURCE, previous=redis, source=EngineSource(engine=Engine.MYSQL, version="8.4"))
    path = ("source", "engine", "engine")
    assert refused(messages, path, "keeps its engine, REDIS", "Add another service for MYSQL")


def test_what_follows_of_a_version_that_can_not_be_had_is_not_blamed() -> None:
    """The volume and PGDATA of 17 are not those of 18."""
    older, newer = (EngineSource(engine=Engine.POSTGRES, version=version) for version in ("17", "18"))
    previous = a_configuration(ServiceKind.DATASOURCE, source=older)
    messages = found(ServiceKind.DATASOURCE, previous=previous, source=newer)
    assert refused(messages, VERSION, "dump and restore")


def test_a_deployed_datasource_is_not_taken_back() -> None:
    newer = EngineSource(engine=Engine.REDIS, version="8.0")
    previous = a_configuration(ServiceKind.DATASOURCE, source=newer)
    messages = found(ServiceKind.DATASOURCE, previous=previous)
    assert refused(messages, VERSION, "REDIS 7.4 is older than the deployed 8.0", "go to a newer one")
    assert found(ServiceKind.DATASOURCE, previous=a_configuration(ServiceKind.DATASOURCE), source=newer) == {}
