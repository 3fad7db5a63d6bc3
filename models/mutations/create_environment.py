"""createEnvironment."""

from collections.abc import Sequence

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from models.environment import Environment
from models.mutations.authority import require_role, visible_project
from models.mutations.finding import not_found
from models.mutations.request import Request, claim_key, keep_result
from models.names import check_domain, check_environment_name, check_namespace
from models.phases import move
from models.refusals import AlreadyExists, InvalidInput, Issue
from models.vocabulary import EnvironmentPhase, Role


def create_environment(
    session: Session,
    request: Request,
    *,
    project_id: str,
    name: str,
    cluster: str | None,
    namespace: str | None,
    domain: str | None,
    protected: bool,
    clusters: Sequence[str],
) -> Environment:
    """Raises NotFound, Forbidden, InvalidInput, AlreadyExists, IdempotencyConflict."""
    project = visible_project(session, request, project_id)
    if project is None:
        raise not_found(project_id, "projectId", "prj")
    require_role(request, project, Role.ADMIN)
    earlier = claim_key(session, request)
    if earlier is not None:
        return session.get_one(Environment, earlier)
    _check(name, cluster, namespace, domain, clusters)
    environment = Environment(
        project_id=project.id,
        name=name,
        cluster=cluster or clusters[0],
        namespace=namespace or name,
        domain=domain.rstrip(".").lower() if domain else None,
        protected=protected,
    )
    try:
        with session.begin_nested():
            session.add(environment)
    except IntegrityError as error:
        raise AlreadyExists(
            f"There is an environment named {name!r} already, or one in namespace {environment.namespace!r} of "
            f"cluster {environment.cluster!r}. Choose another name or namespace, or destroy that one first."
        ) from error
    move(session, environment, EnvironmentPhase.INITIALIZING)
    keep_result(session, request, environment.id)
    return environment


def _check(name: str, cluster: str | None, namespace: str | None, domain: str | None, clusters: Sequence[str]) -> None:
    found = [
        (("name",), check_environment_name(name)),
        (("namespace",), check_namespace(namespace) if namespace is not None else None),
        (("domain",), check_domain(domain) if domain is not None else None),
    ]
    issues = [Issue(path, message) for path, message in found if message]
    if cluster is not None and cluster not in clusters:
        issues.append(Issue(("cluster",), f"There is no cluster {cluster!r}. Known: {', '.join(clusters)}."))
    if issues:
        raise InvalidInput(issues)
