"""Which hostnames and paths an environment's services have taken."""

from sqlmodel import Session, col, or_, select

from models.environment import Environment
from models.names import hostname
from models.service import Service
from models.vocabulary import EnvironmentPhase


def hosts_of_others(session: Session, environment: Environment, service_id: str | None) -> dict[tuple[str, str], str]:
    """Host and path of every ingress rule that another service has, with whose it is, in words.

    Looks in every living environment with the same domain or one above or below it, where full names may be ours: two
    of them never share a hostname. Services of other projects are not named: the caller may not see them.
    """
    if environment.domain is None:
        return {}
    domain = environment.domain
    statement = (
        select(col(Service.name), col(Service.configuration), col(Environment.project_id), col(Environment.domain))
        .join(Environment, col(Environment.id) == col(Service.environment_id))
        .where(
            Environment.phase != EnvironmentPhase.DESTROYED,
            Service.id != service_id,
            or_(
                Environment.id == environment.id,
                col(Environment.domain).in_(_upwards(domain)),
                col(Environment.domain).endswith(f".{domain}", autoescape=True),
            ),
        )
    )
    taken: dict[tuple[str, str], str] = {}
    for name, configuration, project_id, domain_there in session.exec(statement).all():
        owner = f"the service {name!r}" if project_id == environment.project_id else "another project"
        for rule in configuration.networking.ingress:
            taken[hostname(rule.host, domain_there or domain), rule.path] = owner
    return taken


def _upwards(domain: str) -> list[str]:
    """`a.b.c`, `b.c`, `c`."""
    labels = domain.split(".")
    return [".".join(labels[depth:]) for depth in range(len(labels))]
