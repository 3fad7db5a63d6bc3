"""What carries our labels and belongs to no environment that anybody knows."""

from collections.abc import Collection, Sequence

from jobs.adapters.kubernetes.api import Api
from jobs.adapters.kubernetes.discovery import discover
from jobs.adapters.kubernetes.json import labels_of, metadata, owners_of
from jobs.adapters.kubernetes.kinds import NAMESPACE, PERSISTENT_VOLUME
from jobs.adapters.kubernetes.labels import ENVIRONMENT, EVERYTHING_OF_OURS
from jobs.adapters.kubernetes.objects import Found
from jobs.adapters.kubernetes.survey import survey, survey_everything
from jobs.ports import Leftover

_OURS = f"{EVERYTHING_OF_OURS},{ENVIRONMENT}"


def leftovers(api: Api, known: Collection[str]) -> Sequence[Leftover]:
    """See the port. What another leftover owns is not listed: it goes with its owner.

    Raises Transient when a part of the API could not be asked.
    """
    there = survey_everything(api, discover(api), None, _OURS)
    there.require_complete()
    outside = survey(api, (NAMESPACE, PERSISTENT_VOLUME), None, _OURS)
    outside.require_complete()
    found = [*there.found, *outside.found]
    uids = {one.uid for one in found}
    return [
        Leftover(_environment(one), metadata(one.thing).get("namespace"), one.ref)
        for one in found
        if _environment(one) not in known and not any(owner.get("uid") in uids for owner in owners_of(one.thing))
    ]


def _environment(one: Found) -> str:
    return labels_of(one.thing)[ENVIRONMENT]
