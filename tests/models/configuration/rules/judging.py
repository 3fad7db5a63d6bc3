"""Asks the rules about a configuration that is valid but for what a test says."""

from typing import Any

from models.configuration import EngineSource, ImageSource, NetworkSettings, Port, Schedule, ServiceConfiguration
from models.configuration.defaults import default_configuration
from models.configuration.paths import Path
from models.configuration.rules import Place, check
from models.vocabulary import Engine, ServiceKind
from tests.strategies import DOMAIN

HERE = Place(DOMAIN)


def a_configuration(kind: ServiceKind = ServiceKind.APPLICATION, **fields: Any) -> ServiceConfiguration:
    """A valid one of the kind, with these fields instead of its own. An APPLICATION has the port `http`."""
    if kind is ServiceKind.DATASOURCE:
        source = fields.get("source")
        engine = source if isinstance(source, EngineSource) else EngineSource(engine=Engine.REDIS, version="7.4")
        return default_configuration(kind, engine).model_copy(update=fields)
    configuration = ServiceConfiguration(source=ImageSource(image="example.com/app:1"))
    if kind is ServiceKind.APPLICATION:
        ports = NetworkSettings(ports=(Port(name="http", number=8080),))
        configuration = configuration.model_copy(update={"networking": ports})
    if kind is ServiceKind.CRON_JOB:
        configuration = configuration.model_copy(update={"schedule": Schedule(cron="30 2 * * *")})
    return configuration.model_copy(update=fields)


def found(
    kind: ServiceKind = ServiceKind.APPLICATION,
    *,
    place: Place | None = HERE,
    previous: ServiceConfiguration | None = None,
    **fields: Any,
) -> dict[Path, str]:
    """The messages by their paths, of a configuration with these fields."""
    issues = check(a_configuration(kind, **fields), kind, place, previous)
    messages = {issue.path: issue.message for issue in issues}
    assert len(messages) == len(issues), issues
    return messages


def refused(messages: dict[Path, str], path: Path, *words: str) -> bool:
    """Whether that path is all that is blamed, in a message with these words in it."""
    assert list(messages) == [path], messages
    assert all(word in messages[path] for word in words), messages[path]
    return True
