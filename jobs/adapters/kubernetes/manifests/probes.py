"""Readiness, liveness and startup probes."""

from jobs.adapters.kubernetes.json import JsonObject, without_nothing
from models.configuration import HealthCheck, ServiceConfiguration


def probes(configuration: ServiceConfiguration) -> JsonObject:
    """The probes of a container, by the names of its fields."""
    checks = configuration.health_checks
    return without_nothing(
        readinessProbe=_probe(checks.readiness, configuration),
        livenessProbe=_probe(checks.liveness, configuration),
        startupProbe=_probe(checks.startup, configuration),
    )


def _probe(check: HealthCheck | None, configuration: ServiceConfiguration) -> JsonObject | None:
    if check is None:
        return None
    return {
        **_handler(check, configuration),
        "periodSeconds": check.period_seconds,
        "timeoutSeconds": check.timeout_seconds,
        "failureThreshold": check.failure_threshold,
    }


def _handler(check: HealthCheck, configuration: ServiceConfiguration) -> JsonObject:
    """The scheme is said although it is the default: a default would stay behind when the check becomes another."""
    if check.command is not None:
        return {"exec": {"command": list(check.command)}}
    port = check.port or configuration.networking.ports[0].name
    if check.path is not None:
        return {"httpGet": {"path": check.path, "port": port, "scheme": "HTTP"}}
    return {"tcpSocket": {"port": port}}
