"""Environments and services, as the ports know them."""

from jobs.ports import EnvironmentRef, ServiceRef
from models.environment import Environment
from models.project import Project
from models.service import Service


def environment_ref(environment: Environment, project: Project, installation: str) -> EnvironmentRef:
    return EnvironmentRef(
        id=environment.id,
        name=environment.name,
        project=project.name,
        namespace=environment.namespace,
        domain=environment.domain,
        namespace_uid=environment.namespace_uid,
        installation=installation,
    )


def service_ref(environment: EnvironmentRef, service: Service) -> ServiceRef:
    return ServiceRef(environment, service.id, service.name, service.kind)
