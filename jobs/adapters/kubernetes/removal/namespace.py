"""The environment's namespace, with all that is in it.

A namespace takes everything with it, also what is not ours. So it goes only when everything in it was looked at and is
ours, made for ours, or put there by the cluster itself. With something foreign in it it is given back: it stays, loses
our labels, and an environment of the same name can use it as one that was there before.
"""

from collections.abc import Sequence

from jobs.adapters.kubernetes.api import Api
from jobs.adapters.kubernetes.discovery import Discovery, discover
from jobs.adapters.kubernetes.json import uid_of
from jobs.adapters.kubernetes.kinds import NAMESPACE
from jobs.adapters.kubernetes.namespaces import DELETION_FAILS, conditions, give_back, own_namespace
from jobs.adapters.kubernetes.objects import Found, listed
from jobs.adapters.kubernetes.ownership import Whose, whose
from jobs.adapters.kubernetes.removal.deleting import delete
from jobs.adapters.kubernetes.removal.volumes import remove_volumes
from jobs.adapters.kubernetes.removal.waiting import blockers
from jobs.adapters.kubernetes.survey import Survey, survey_everything
from jobs.adapters.kubernetes.volumes import mark_volumes
from jobs.errors import NotYet
from jobs.ports import EnvironmentRef

#: Finalizers that the control plane itself takes off, in a terminating namespace too. All others belong to
#: controllers (load balancers, ingresses, custom resources) whose work needs the namespace as it was.
_OF_THE_CONTROL_PLANE = frozenset(
    {"kubernetes.io/pvc-protection", "batch.kubernetes.io/job-tracking", "foregroundDeletion", "orphan"}
)


def begin_with_namespace(api: Api, environment: EnvironmentRef, fence: int) -> None:
    """Deletes the namespace already now if nothing in it has to go before, so that it terminates meanwhile."""
    namespace = own_namespace(api, environment)
    if namespace is None or namespace.terminates_at is not None:
        return
    discovery = discover(api)
    there = survey_everything(api, discovery, environment.namespace)
    held = any(set(one.finalizers) - _OF_THE_CONTROL_PLANE for one in there.found)
    if there.unknown or held or _foreign(there, environment, discovery):
        return
    mark_volumes(api, there.found)
    delete(api, namespace, fence)


def remove_namespace(api: Api, environment: EnvironmentRef, fence: int) -> str | None:
    """See the port."""
    namespace = own_namespace(api, environment)
    if namespace is None:
        remove_volumes(api, environment, None, fence)
        return _why_it_stays(api, environment)
    if namespace.terminates_at is not None:
        raise still_terminating(api, namespace)
    discovery = discover(api)
    there = survey_everything(api, discovery, environment.namespace)
    foreign = _foreign(there, environment, discovery)
    if foreign:
        give_back(api, namespace, environment)
        return f"it holds what is not ours: {listed(foreign)}"
    there.require_complete()
    mark_volumes(api, there.found)
    delete(api, namespace, fence)
    raise NotYet(f"Namespace {namespace.name} terminates.", left=1)


def still_terminating(api: Api, namespace: Found) -> NotYet:
    """Says what holds it. Its conditions tell kinds and finalizers; the objects are looked up."""
    told = conditions(namespace)
    there = survey_everything(api, discover(api), namespace.name) if told else Survey(())
    failing = any(one.reason.startswith(DELETION_FAILS) for one in told)
    held = [one for one in there.found if one.finalizers or failing]
    reason = f"Namespace {namespace.name} terminates" + (f"; {told[0].reason}" if told else ".")
    return NotYet(reason, blockers=[*blockers(held), *there.unknown, *told], left=max(len(there.found), 1))


def _why_it_stays(api: Api, environment: EnvironmentRef) -> str | None:
    """Of one that is not ours, or not any more; None if there is none."""
    if environment.namespace_uid is None:
        return "it was not created here"
    namespace = api.find(NAMESPACE.path(name=environment.namespace))
    if namespace is None:
        return None
    if uid_of(namespace) != environment.namespace_uid:
        return "somebody else has made one of that name since ours was gone"
    return "it does not carry our labels any more"


def _foreign(there: Survey, environment: EnvironmentRef, discovery: Discovery) -> Sequence[Found]:
    verdicts = whose(there.found, environment, discovery.kinds)
    return [one for one in there.found if verdicts[one.uid] is Whose.FOREIGN]
