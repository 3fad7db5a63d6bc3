"""Everything of ours but the pods, in every kind that there is."""

from collections import Counter
from collections.abc import Sequence

from jobs.adapters.kubernetes.api import Api
from jobs.adapters.kubernetes.discovery import discover
from jobs.adapters.kubernetes.kinds import CLAIM, Kind
from jobs.adapters.kubernetes.labels import query
from jobs.adapters.kubernetes.namespaces import own_namespace
from jobs.adapters.kubernetes.objects import Found
from jobs.adapters.kubernetes.ownership import Whose, whose
from jobs.adapters.kubernetes.removal.deleting import delete_each, delete_labelled, require_not_overtaken
from jobs.adapters.kubernetes.removal.namespace import still_terminating
from jobs.adapters.kubernetes.removal.volumes import remove_volumes
from jobs.adapters.kubernetes.removal.waiting import require_gone
from jobs.adapters.kubernetes.survey import survey, survey_everything
from jobs.adapters.kubernetes.volumes import mark_volumes
from jobs.errors import Permanent, Transient
from jobs.ports import EnvironmentRef, ServiceRef

#: From as many objects of a kind on one call for all of them is worth it.
_MANY = 3


def remove_resources(api: Api, environment: EnvironmentRef, service: ServiceRef | None, fence: int) -> None:
    """See the port. What can be removed is, also when a part of the API does not answer."""
    namespace = own_namespace(api, environment) if service is None else None
    selector = query(environment, service)
    if namespace is not None and namespace.terminates_at is not None:
        _remove_claims(api, environment, selector, fence)
        raise still_terminating(api, namespace)  # it takes everything with it
    discovery = discover(api)
    there = survey_everything(api, discovery, environment.namespace, selector)
    verdicts = whose(there.found, environment, discovery.kinds)
    going = [one for one in there.found if namespace is not None or not (one.kind == CLAIM and one.retained)]
    require_not_overtaken(going, fence)
    mark_volumes(api, going)
    roots = [one for one in going if verdicts[one.uid] is Whose.OURS]
    if service is None:
        roots = _delete_many(api, roots, environment)
    delete_each(api, roots, fence)
    staying = {one.uid for one in there.found} - {one.uid for one in going}
    again = survey(api, list(dict.fromkeys(one.kind for one in going)), environment.namespace, selector)
    again.require_complete()
    require_gone([one for one in again.found if one.uid not in staying])
    remove_volumes(api, environment, service, fence)
    there.require_complete()


def _remove_claims(api: Api, environment: EnvironmentRef, selector: str, fence: int) -> None:
    """Those of a namespace that terminates: its controller would look at them twice, many seconds apart.

    Once it had deleted them, volumes that are to be retained could not be told to outlive them.
    """
    claims = survey(api, (CLAIM,), environment.namespace, selector).found
    mark_volumes(api, claims)
    delete_each(api, claims, fence)


def _delete_many(api: Api, found: Sequence[Found], environment: EnvironmentRef) -> list[Found]:
    """Deletes kinds of which there are many by label, and returns the rest: also those that failed, to be named.

    Of an environment that is being destroyed nothing newer can be written, so no object needs to be as it was seen.
    """
    counts = Counter(one.kind for one in found if one.terminates_at is None and one.kind != CLAIM)
    done = set[Kind]()
    for kind, count in counts.items():
        if count < _MANY:
            continue
        try:
            delete_labelled(api, kind, environment.namespace, query(environment))
        except (Permanent, Transient):
            continue
        done.add(kind)
    return [one for one in found if one.kind not in done]
