"""Readiness, liveness and startup checks, after Kubernetes' `validateProbe`."""

from models.configuration.rules.commands import MAX_TEXT
from models.configuration.rules.finding import Finding, Findings, Subject, known_ports, outside
from models.configuration.shape import HealthCheck, Port
from models.names import quote
from models.vocabulary import ServiceKind

_CHECKS = ("readiness", "liveness", "startup")
_MAX_SECONDS = 60 * 60
_MAX_FAILURES = 10_000
_MAX_PATH = 1024


def check_health(subject: Subject) -> Findings:
    configuration = subject.configuration
    for name in _CHECKS:
        check: HealthCheck | None = getattr(configuration.health_checks, name)
        path = ("healthChecks", name)
        if check is None:
            continue
        if subject.kind is ServiceKind.CRON_JOB:
            yield Finding(path, f"A CRON_JOB runs until it ends and is judged by its exit: remove the {name} check.")
            continue
        yield from outside((*path, "periodSeconds"), check.period_seconds, 1, _MAX_SECONDS)
        yield from outside((*path, "timeoutSeconds"), check.timeout_seconds, 1, _MAX_SECONDS)
        yield from outside((*path, "failureThreshold"), check.failure_threshold, 1, _MAX_FAILURES)
        if check.command is not None:
            yield from _check_command(path, check, check.command)
        else:
            yield from _check_port(path, check, configuration.networking.ports)


def _check_command(path: tuple[str, ...], check: HealthCheck, command: tuple[str, ...]) -> Findings:
    if check.path is not None:
        yield Finding((*path, "command"), "A check has a path or a command, not both. Remove one of them.")
    if check.port is not None:
        yield Finding((*path, "port"), "A check by command asks no port. Remove the port or the command.")
    if not command or not command[0].strip():
        yield Finding((*path, "command"), "The command is empty: its first item is the program to run.")
    if sum(len(text.encode()) for text in command) > MAX_TEXT:
        yield Finding((*path, "command"), f"The command has more than {MAX_TEXT} bytes.")


def _check_port(path: tuple[str, ...], check: HealthCheck, ports: tuple[Port, ...]) -> Findings:
    names = [port.name for port in ports]
    networking = (("networking", "ports"),)
    if not names:
        yield Finding(
            (*path, "port") if check.port is not None else path,
            "The check needs a port, and the service has none: add one to networking.ports, or check by command.",
            networking,
        )
    elif check.port is not None and check.port not in names:
        yield Finding(
            (*path, "port"),
            f"{quote(check.port)} is not the name of one of the ports. {known_ports(names)}",
            networking,
        )
    if check.path is not None and not _is_url_path(check.path):
        yield Finding(
            (*path, "path"),
            f"{quote(check.path)} must begin with '/' and have visible ASCII characters only, at most {_MAX_PATH}.",
        )


def _is_url_path(path: str) -> bool:
    return path.startswith("/") and len(path) <= _MAX_PATH and all("!" <= character <= "~" for character in path)
