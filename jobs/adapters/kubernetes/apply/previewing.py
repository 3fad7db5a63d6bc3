"""What an apply and the prune after it would change, by the server's dry run: it stores nothing."""

from collections.abc import Sequence

from jobs.adapters.kubernetes.api import Api
from jobs.adapters.kubernetes.apply.applying import Pair, look, writer_of
from jobs.adapters.kubernetes.apply.differences import differences
from jobs.adapters.kubernetes.apply.fixed_fields import require_changeable
from jobs.adapters.kubernetes.apply.pruning import unwanted
from jobs.adapters.kubernetes.apply.writer import Writer
from jobs.adapters.kubernetes.json import name_of
from jobs.adapters.kubernetes.kinds import NAMESPACE
from jobs.adapters.kubernetes.manifests import objects_of
from jobs.adapters.kubernetes.parallel import in_parallel, raised
from jobs.ports import Desired, ObjectChange, ServiceRef
from models.vocabulary import ObjectAction


def preview(api: Api, service: ServiceRef, desired: Desired) -> Sequence[ObjectChange]:
    """As `Cluster.preview`."""
    wanted = objects_of(service, desired)
    if api.find(NAMESPACE.path(name=service.environment.namespace)) is None:
        return [ObjectChange(ObjectAction.CREATE, one["kind"], name_of(one)) for one in wanted]
    writer = writer_of(api, service, desired, wanted)
    changes = raised(in_parallel(lambda pair: _change(writer, pair), look(writer, wanted)))
    fallen = [found for found in unwanted(api, service, wanted) if not found.retained]
    removals = [ObjectChange(ObjectAction.REMOVE, found.kind.kind, found.name) for found in fallen]
    return [change for change in changes if change is not None] + removals


def _change(writer: Writer, pair: Pair) -> ObjectChange | None:
    """None where nothing would change."""
    wanted, found = pair
    if found is not None:
        require_changeable(wanted, found)
    would_be = writer.rehearse(wanted, found)
    if found is None:
        return ObjectChange(ObjectAction.CREATE, would_be.kind.kind, would_be.name)
    fields = differences(found.thing, would_be.thing)
    return ObjectChange(ObjectAction.CHANGE, found.kind.kind, found.name, fields) if fields else None
