"""What the cluster holds of an environment or one of its services, looked up in every kind that there is.

What is in a namespace of ours and not ours stays, and the namespace with it: removing the namespace would remove it.
"""

from collections.abc import Sequence

from jobs.adapters.kubernetes.api import Api
from jobs.adapters.kubernetes.discovery import discover
from jobs.adapters.kubernetes.kinds import CLAIM, JOB
from jobs.adapters.kubernetes.labels import manager_of, query
from jobs.adapters.kubernetes.namespaces import own_namespace
from jobs.adapters.kubernetes.objects import Found, listed
from jobs.adapters.kubernetes.ownership import Whose, whose
from jobs.adapters.kubernetes.survey import Survey, survey, survey_everything
from jobs.adapters.kubernetes.volumes import our_volumes, volume_of
from jobs.errors import Blocker, Transient
from jobs.ports import EnvironmentRef, Inventory, ObjectRef, PartlyKnown, ServiceRef

Keeps = list[tuple[ObjectRef, str]]


def inventory(api: Api, environment: EnvironmentRef, service: ServiceRef | None, builds: str) -> Inventory:
    """See the port. In a namespace that is not ours other people's objects are no matter of ours, and not listed.

    `builds` is the namespace that the builds of all environments run in.
    """
    namespace = own_namespace(api, environment) if service is None else None
    discovery = discover(api)
    selector = None if namespace else query(environment, service)
    there = survey_everything(api, discovery, environment.namespace, selector)
    verdicts = whose(there.found, environment, discovery.kinds)
    ours = [one for one in there.found if verdicts[one.uid] is Whose.OURS]
    foreign = [one for one in there.found if verdicts[one.uid] is Whose.FOREIGN]
    kept_claims = [one for one in ours if one.kind == CLAIM and one.retained]

    keeps: Keeps = [(one.ref, f"It is not ours: it is managed by {manager_of(one.thing)}.") for one in foreign]
    if namespace is None:  # it stays, and so do the claims in it
        keeps += [(claim.ref, "Its volume is to be retained.") for claim in kept_claims]
        ours = [one for one in ours if one not in kept_claims]
    else:
        keeps += _retained_volumes(api, kept_claims)
        if foreign:
            keeps.append((namespace.ref, f"It holds what is not ours: {listed(foreign)}."))
        else:
            ours.append(namespace)
    building = survey(api, (JOB,), builds, query(environment, service))
    ours += building.found
    known = {ref.uid for ref, _ in keeps}
    for volume in our_volumes(api, environment, service):
        if not volume.retained:
            ours.append(volume)
        elif volume.uid not in known:
            keeps.append((volume.ref, "It is to be retained."))
    return _complete(Inventory([one.ref for one in ours], keeps), [*there.unknown, *building.unknown])


def _retained_volumes(api: Api, claims: Sequence[Found]) -> Keeps:
    volumes = [(claim, volume_of(api, claim)) for claim in claims]
    return [
        (volume.ref, f"It is to be retained: claim {claim.name} goes with the namespace, the volume and its data stay.")
        for claim, volume in volumes
        if volume is not None
    ]


def _complete(found: Inventory, unknown: Sequence[Blocker]) -> Inventory:
    try:
        Survey((), tuple(unknown)).require_complete()
    except Transient as partly:
        raise PartlyKnown(partly.message, partly.blockers, found) from partly
    return found
