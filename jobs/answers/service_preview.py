"""What an update of a service would change in its cluster, by server-side dry run."""

from dataclasses import dataclass

from sqlmodel import Session, col, select

from jobs.errors import Permanent
from jobs.opened_secrets import opened_secrets
from jobs.ports import Desired, ObjectChange, ServiceRef
from jobs.references import environment_ref, service_ref
from jobs.runner import PortsOf
from jobs.steps.pipeline import image_named
from models.configuration import GitSource, ServiceConfiguration, Source
from models.database import Database
from models.environment import Environment
from models.installation import installation_token
from models.project import Project
from models.sealing import Sealer
from models.service import Release, Service
from models.service_preview import ChangedField, ChangedObject, ServicePreview


def answer_service_preview(
    database: Database, ports_of: PortsOf, sealer: Sealer, service_id: str, details: str
) -> ServicePreview:
    """`details`: the configuration that is to be previewed. What the cluster refuses for good is part of the answer.

    Raises Permanent when there is no such service any more, NotYet and Transient when nobody can tell now, SealBroken.
    """
    configuration = ServiceConfiguration.model_validate_json(details)
    with database.reading() as session:
        asked = _read(session, service_id, configuration)
    secrets = opened_secrets(configuration, sealer)
    desired = Desired(configuration, asked.image, secrets, asked.revision, asked.number)
    ports = ports_of(asked.cluster)
    try:
        changes = ports.cluster.preview(asked.service, desired)
    except Permanent as refused:
        return ServicePreview(refusal=refused.message)
    return ServicePreview(changes=[_shown(change) for change in changes])


@dataclass(frozen=True)
class _Asked:
    service: ServiceRef
    cluster: str
    image: str
    #: Those that the update would have.
    revision: int
    number: int


def _read(session: Session, service_id: str, configuration: ServiceConfiguration) -> _Asked:
    service = session.get(Service, service_id)
    if service is None:
        raise Permanent(f"Service {service_id!r} was removed while it was asked for.")
    environment = session.get_one(Environment, service.environment_id)
    project = session.get_one(Project, environment.project_id)
    reference = environment_ref(environment, project, installation_token(session))
    return _Asked(
        service_ref(reference, service),
        environment.cluster,
        _image(session, service_id, configuration.source),
        service.revision + 1,
        environment.last_operation_number + 1,
    )


def _image(session: Session, service_id: str, source: Source) -> str:
    """Of a git source the one that was built last from it; else its name without a digest, which only a build tells."""
    if not isinstance(source, GitSource):
        return image_named(source)
    latest = session.exec(
        select(Release)
        .where(Release.service_id == service_id, col(Release.succeeded).is_(True))
        .order_by(col(Release.revision).desc())
    ).first()
    built = latest.image if latest is not None and latest.configuration.source == source else None
    return built or source.image


def _shown(change: ObjectChange) -> ChangedObject:
    fields = [ChangedField(path=one.path, before=one.before, after=one.after) for one in change.fields]
    return ChangedObject(action=change.action, kind=change.kind, name=change.name, fields=fields)
