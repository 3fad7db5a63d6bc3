"""Health checks."""

import pytest

from models.configuration import HealthCheck, HealthChecks, NetworkSettings, Port
from models.configuration.paths import Path
from models.configuration.rules.commands import MAX_TEXT
from models.vocabulary import ServiceKind
from tests.models.configuration.rules.judging import found, refused

CHECK = ("healthChecks", "readiness")


def judged(**fields: object) -> dict[Path, str]:
    return found(health_checks=HealthChecks(readiness=HealthCheck.model_validate(fields)))


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"port": "http"},
        {"path": "/"},
        {"path": "/" + "x" * 1023, "port": "http"},
        {"path": "/healthz?full=%20~!"},
        {"command": ("true",)},
        {"command": ("test", "")},
        {"command": ("x" * MAX_TEXT,)},
        {"period_seconds": 1, "timeout_seconds": 1, "failure_threshold": 1},
        {"period_seconds": 3600, "timeout_seconds": 3600, "failure_threshold": 10_000},
    ],
    ids=str,
)
def test_a_check_by_path_by_port_or_by_command(fields: dict[str, object]) -> None:
    assert judged(**fields) == {}


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"period_seconds": 0}, "periodSeconds", "from 1 to 3600"),
        ({"period_seconds": 3601}, "periodSeconds", "from 1 to 3600"),
        ({"timeout_seconds": 0}, "timeoutSeconds", "from 1 to 3600"),
        ({"timeout_seconds": 3601}, "timeoutSeconds", "from 1 to 3600"),
        ({"failure_threshold": 0}, "failureThreshold", "from 1 to 10000"),
        ({"failure_threshold": 10_001}, "failureThreshold", "from 1 to 10000"),
        ({"port": "nowhere"}, "port", "'nowhere' is not the name of one of the ports. They are: 'http'."),
        ({"port": "8080"}, "port", "They are: 'http'."),
        ({"port": ""}, "port", "They are: 'http'."),
        ({"path": ""}, "path", "must begin with '/'"),
        ({"path": "healthz"}, "path", "'healthz' must begin with '/'"),
        ({"path": "/a b"}, "path", "visible ASCII"),
        ({"path": "/ä"}, "path", "visible ASCII"),
        ({"path": "/\x7f"}, "path", "visible ASCII"),
        ({"path": "/" + "x" * 1024}, "path", "at most 1024"),
        ({"command": ()}, "command", "first item is the program"),
        ({"command": (" ", "x")}, "command", "first item is the program"),
        ({"command": ("x", "y" * MAX_TEXT)}, "command", f"more than {MAX_TEXT} bytes"),
        ({"command": ("x",), "path": "/"}, "command", "not both"),
        ({"command": ("x",), "port": "http"}, "port", "Remove the port or the command"),
    ],
    ids=str,
)
def test_what_kubernetes_or_a_person_would_not_understand(fields: dict[str, object], field: str, words: str) -> None:
    assert refused(judged(**fields), (*CHECK, field), words)


@pytest.mark.parametrize("name", ["readiness", "liveness", "startup"])
def test_each_of_the_three_is_judged(name: str) -> None:
    checks = HealthChecks.model_validate({name: {"path": "x"}})
    assert refused(found(health_checks=checks), ("healthChecks", name, "path"), "'x'")
    messages = found(ServiceKind.CRON_JOB, health_checks=HealthChecks.model_validate({name: {"command": ["x"]}}))
    assert refused(messages, ("healthChecks", name), "CRON_JOB", f"remove the {name} check")


def test_without_a_port_only_a_command_can_be_asked() -> None:
    nothing = NetworkSettings()
    assert found(networking=nothing, health_checks=HealthChecks(startup=HealthCheck(command=("true",)))) == {}
    messages = found(networking=nothing, health_checks=HealthChecks(startup=HealthCheck()))
    assert refused(messages, ("healthChecks", "startup"), "add one to networking.ports")
    messages = found(networking=nothing, health_checks=HealthChecks(startup=HealthCheck(port="http")))
    assert refused(messages, ("healthChecks", "startup", "port"), "add one to networking.ports")


def test_a_message_stays_short_whatever_the_ports_are_called() -> None:
    ports = tuple(Port(name="x" * 10_000 + str(number), number=1 + number) for number in range(40))
    messages = found(
        networking=NetworkSettings(ports=ports), health_checks=HealthChecks(liveness=HealthCheck(port="y"))
    )
    assert len(messages["healthChecks", "liveness", "port"]) < 1000
