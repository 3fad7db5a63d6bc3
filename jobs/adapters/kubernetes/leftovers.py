"""What carries our labels and belongs to no environment of this installation, nor to another one."""

from collections.abc import Collection, Sequence

from jobs.adapters.kubernetes.api import Api
from jobs.adapters.kubernetes.discovery import discover
from jobs.adapters.kubernetes.json import labels_of, metadata, owners_of
from jobs.adapters.kubernetes.kinds import NAMESPACE, PERSISTENT_VOLUME
from jobs.adapters.kubernetes.labels import ENVIRONMENT, EVERYTHING_OF_OURS, INSTALLATION
from jobs.adapters.kubernetes.objects import Found, listed
from jobs.adapters.kubernetes.ownership import Whose, whose
from jobs.adapters.kubernetes.parallel import in_parallel
from jobs.adapters.kubernetes.removal.deleting import delete
from jobs.adapters.kubernetes.survey import survey, survey_everything
from jobs.errors import Permanent, Transient
from jobs.ports import EnvironmentRef, Known, Leftover, LeftoverRemoval

_OURS = f"{EVERYTHING_OF_OURS},{ENVIRONMENT}"


def leftovers(api: Api, known: Known) -> Sequence[Leftover]:
    """See the port. What another leftover owns is not listed: it goes with its owner.

    Raises Transient when a part of the API could not be asked.
    """
    return [_leftover(one) for one in _find(api, known)]


def remove_leftovers(api: Api, known: Known, uids: Collection[str]) -> LeftoverRemoval:
    """See the port. Raises as `leftovers`, before anything is deleted."""
    named = [one for one in _find(api, known) if one.uid in uids]
    refused = _refusals(named, in_parallel(lambda one: _require_nothing_else_in(api, one, uids), named))
    going = [one for one in named if one.uid not in refused]
    # as it was seen: whoever has written it since means to keep it
    refused |= _refusals(going, in_parallel(lambda one: delete(api, one, one.written_by or 0), going))
    return LeftoverRemoval([_leftover(one) for one in going if one.uid not in refused], refused)


def _refusals(asked: Sequence[Found], answers: Sequence[Transient | Permanent | None]) -> dict[str, str]:
    return {one.uid: refusal.message for one, refusal in zip(asked, answers, strict=True) if refusal is not None}


def _require_nothing_else_in(api: Api, namespace: Found, named: Collection[str]) -> None:
    """Raises Permanent for a namespace that would take along what was not named."""
    if namespace.kind != NAMESPACE:
        return
    discovery = discover(api)
    there = survey_everything(api, discovery, namespace.name)
    there.require_complete()
    owner = EnvironmentRef(_environment(namespace), "", "", namespace.name, None)
    verdicts = whose(there.found, owner, discovery.kinds)
    roots = [one for one in there.found if verdicts[one.uid] in (Whose.OURS, Whose.FOREIGN) and one.uid not in named]
    if roots:
        raise Permanent(f"{namespace} would take along what was not named: {listed(roots)}.")


def _find(api: Api, known: Known) -> Sequence[Found]:
    there = survey_everything(api, discover(api), None, _OURS)
    there.require_complete()
    outside = survey(api, (NAMESPACE, PERSISTENT_VOLUME), None, _OURS)
    outside.require_complete()
    found = [*there.found, *outside.found]
    uids = {one.uid for one in found}
    owned = frozenset(known.environments())
    return [
        one
        for one in found
        if labels_of(one.thing).get(INSTALLATION, known.installation) == known.installation
        and _environment(one) not in owned
        and not any(owner.get("uid") in uids for owner in owners_of(one.thing))
    ]


def _leftover(one: Found) -> Leftover:
    return Leftover(_environment(one), metadata(one.thing).get("namespace"), one.ref)


def _environment(one: Found) -> str:
    return labels_of(one.thing)[ENVIRONMENT]
