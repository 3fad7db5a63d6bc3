"""Which services of an environment need another one: one of their variables names it as a host."""

import re
from collections.abc import Iterator

from sqlmodel import Session, col, select

from models.configuration import ServiceConfiguration
from models.environment import Environment
from models.sealing import SealBroken, Sealer
from models.service import Service
from models.vocabulary import ServiceStatus

#: What stands before a host: a scheme or user, or the beginning of an item. A name in a path or as a user is no host.
_BEFORE = r"""(?:(?P<in_url>//|@)|(?:^|[,;=\s("']))"""
_AFTER = r"""(?![^/@\s]*@)(?:(?=$|[:,;\s)"'])|(?(in_url)(?=[/?#])|(?!)))"""


def dependents(session: Session, environment: Environment, service: Service, sealer: Sealer) -> list[str]:
    """The names of the services that name `service` as a host, those that are being deleted left out."""
    others = session.exec(
        select(Service)
        .where(
            Service.environment_id == environment.id,
            Service.id != service.id,
            Service.status != ServiceStatus.DELETING,
        )
        .order_by(col(Service.name))
    ).all()
    host = re.compile(_BEFORE + _host(service.name, environment.namespace) + _AFTER, re.IGNORECASE)
    return [other.name for other in others if any(host.search(value) for value in _values(other.configuration, sealer))]


def _host(name: str, namespace: str) -> str:
    """The names that the cluster's DNS knows the service by."""
    return rf"{re.escape(name)}(?:\.{re.escape(namespace)}(?:\.svc(?:\.[a-z0-9.-]+)?)?)?"


def _values(configuration: ServiceConfiguration, sealer: Sealer) -> Iterator[str]:
    for variable in configuration.variables:
        if variable.value is not None:
            yield variable.value
        elif variable.sealed is not None:
            try:
                yield sealer.unseal(variable.sealed)
            except SealBroken:  # its key was lost: nobody knows what it names
                continue
