"""The project that the embedded run opens with: five services, four of them deployed."""

from typing import Any

from sqlmodel import Session, select

from models.access import Access
from models.mutations.add_service import add_service
from models.mutations.create_environment import create_environment
from models.mutations.create_project import NewProjectService, create_project
from models.mutations.request import Request
from models.project import Project, ProjectService
from models.sealing import Sealer
from models.vocabulary import Engine, Role, ServiceKind

_RESOURCES = {"cpu_request": "50m", "cpu_limit": "500m", "memory_request": "64Mi", "memory_limit": "256Mi"}

_SERVICES: tuple[tuple[str, ServiceKind, dict[str, Any]], ...] = (
    (
        "web",
        ServiceKind.APPLICATION,
        {
            "source": {"image": {"image": "ghcr.io/acme/web:1.4.0"}},
            "deployment": {"replicas": 2},
            "resources": _RESOURCES,
            "networking": {
                "ports": [{"name": "http", "number": 8080}],
                "ingress": [{"host": "www", "path": "/", "port": "http", "tls": True}],
            },
            "variables": [{"name": "API_URL", "value": "http://api:8000", "secret": False}],
        },
    ),
    (
        "api",
        ServiceKind.APPLICATION,
        {
            "source": {"image": {"image": "ghcr.io/acme/api:2.1.3"}},
            "resources": _RESOURCES,
            "networking": {
                "ports": [{"name": "http", "number": 8000}],
                "ingress": [{"host": "api", "path": "/", "port": "http", "tls": True}],
            },
            "health_checks": {
                "readiness": {
                    "path": "/healthz",
                    "port": "http",
                    "period_seconds": 5,
                    "timeout_seconds": 1,
                    "failure_threshold": 3,
                }
            },
            "variables": [
                {"name": "DATABASE_HOST", "value": "database", "secret": False},
                {"name": "SESSION_KEY", "value": "change-me", "secret": True},
            ],
        },
    ),
    (
        "worker",
        ServiceKind.WORKER,
        {
            "source": {"image": {"image": "ghcr.io/acme/worker:2.1.3"}},
            "resources": _RESOURCES,
            "variables": [{"name": "CONCURRENCY", "value": "4", "secret": False}],
        },
    ),
    (
        "nightly-report",
        ServiceKind.CRON_JOB,
        {
            "source": {"image": {"image": "ghcr.io/acme/reports:0.9.0"}},
            "resources": _RESOURCES,
            "schedule": {"cron": "30 2 * * *", "time_zone": "Europe/Berlin"},
        },
    ),
    (
        "database",
        ServiceKind.DATASOURCE,
        {"source": {"engine": {"engine": Engine.POSTGRES, "version": "17"}}},
    ),
)
#: Left for the reader to add.
_NOT_DEPLOYED = "nightly-report"


def plant_sample(session: Session, sealer: Sealer, *, domain: str, clusters: list[str]) -> list[str]:
    """Creates the sample in an empty database; returns the operations that deploy it, none if there was a project."""
    if session.exec(select(Project.id)).first() is not None:
        return []
    services = [NewProjectService(name, kind, configuration) for name, kind, configuration in _SERVICES]
    project = create_project(session, _request(), name="acme", services=services, sealer=sealer)
    environment = create_environment(
        session,
        _request(),
        project_id=project.id,
        name="acme-staging",
        cluster=None,
        namespace=None,
        domain=f"staging.{domain}",
        protected=False,
        clusters=clusters,
    )
    project_services = session.exec(select(ProjectService).where(ProjectService.project_id == project.id)).all()
    deployed = [service for service in project_services if service.name != _NOT_DEPLOYED]
    accepted = [
        add_service(
            session,
            _request(),
            environment_id=environment.id,
            project_service_id=service.id,
            change=None,
            sealer=sealer,
        )
        for service in deployed
    ]
    return [one.operation.id for one in accepted]


def _request() -> Request:
    return Request(Access("sample", Role.ADMIN))
