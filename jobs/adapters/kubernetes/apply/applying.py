"""Makes a service's objects what is asked for."""

from collections.abc import Sequence
from itertools import chain

from jobs.adapters.kubernetes.api import Api
from jobs.adapters.kubernetes.apply.fixed_fields import require_changeable
from jobs.adapters.kubernetes.apply.kept_volumes import was_kept
from jobs.adapters.kubernetes.apply.preconditions import require_ours, require_staying
from jobs.adapters.kubernetes.apply.replicas import first_replicas, scaled_by_others
from jobs.adapters.kubernetes.apply.writer import Writer
from jobs.adapters.kubernetes.json import JsonObject
from jobs.adapters.kubernetes.kinds import WAVES, kind_of
from jobs.adapters.kubernetes.manifests import objects_of
from jobs.adapters.kubernetes.objects import Found
from jobs.adapters.kubernetes.parallel import in_parallel, raised
from jobs.adapters.kubernetes.removal.deleting import require_not_overtaken
from jobs.ports import Applied, Desired, ServiceRef

#: An object as it is wanted, and what is there under its name.
Pair = tuple[JsonObject, Found | None]


def apply(api: Api, service: ServiceRef, desired: Desired) -> Applied:
    """As `Cluster.apply`. Nothing is written unless all of it may be."""
    wanted = objects_of(service, desired)
    writer = writer_of(api, service, desired, wanted)
    pairs = look(writer, wanted)
    require_not_overtaken([found for _, found in pairs if found is not None], desired.fence)
    for one, found in pairs:
        if found is not None:
            require_staying(found)
            require_changeable(one, found)
    waves = [[pair for pair in pairs if kind_of(pair[0]["kind"]) in wave] for wave in WAVES]
    written = [raised(in_parallel(lambda pair: writer.write(*pair), wave)) for wave in waves]
    adopted = [found.ref for _, found in pairs if found is not None and was_kept(found, service)]
    return Applied([found.ref for found in chain.from_iterable(written)], adopted)


def writer_of(api: Api, service: ServiceRef, desired: Desired, wanted: Sequence[JsonObject]) -> Writer:
    return Writer(api, service, desired.fence, scaled_by_others(api, service), first_replicas(wanted))


def look(writer: Writer, wanted: Sequence[JsonObject]) -> list[Pair]:
    """What is there of what is wanted. Raises Permanent when something of that name is not the service's."""
    found = raised(in_parallel(writer.find, wanted))
    for one in found:
        if one is not None:
            require_ours(one, writer.service)
    return list(zip(wanted, found, strict=True))
