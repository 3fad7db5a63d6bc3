"""What a namespace holds, over many kinds at once."""

from collections.abc import Sequence
from dataclasses import dataclass

from jobs.adapters.kubernetes.api import METADATA_LIST, Api
from jobs.adapters.kubernetes.discovery import Discovery
from jobs.adapters.kubernetes.kinds import Kind
from jobs.adapters.kubernetes.objects import Found
from jobs.adapters.kubernetes.parallel import in_parallel
from jobs.adapters.kubernetes.refusals import Refused
from jobs.errors import Blocker, Permanent, Transient

#: Servers of extension APIs may not know how to leave out what the objects hold.
_METADATA = f"{METADATA_LIST},application/json"
#: Nobody's belongings, and many: they are not asked for.
_NOT_ASKED = frozenset({("", "Event"), ("events.k8s.io", "Event")})


@dataclass(frozen=True)
class Survey:
    found: tuple[Found, ...]
    #: Parts of the API that did not answer, and why. What is in them is unknown.
    unknown: tuple[Blocker, ...] = ()

    def require_complete(self) -> None:
        """Raises Transient naming what did not answer."""
        if self.unknown:
            names = ", ".join(blocker.name for blocker in self.unknown)
            raise Transient(
                f"The cluster could not be asked about {names}: what is there is unknown.", blockers=self.unknown
            )


def survey(api: Api, kinds: Sequence[Kind], namespace: str | None, selector: str | None = None) -> Survey:
    """The objects of these kinds, each once, those that `selector` names or all; in all namespaces if none is given.

    Raises Permanent when listing a kind is not allowed.
    """
    query = {"labelSelector": selector} if selector else {}

    def listed(kind: Kind) -> list[Found]:
        try:
            things = api.items(kind.path(namespace), query=query, accept=_METADATA)
        except Refused as refused:
            if refused.code == 404:  # the kind was taken away since it was discovered
                return []
            raise
        return [Found(kind, thing) for thing in things]

    found: dict[str, Found] = {}
    unknown: list[Blocker] = []
    for kind, answer in zip(kinds, in_parallel(listed, kinds), strict=True):
        match answer:
            case Permanent():
                raise answer
            case Transient():
                unknown.append(Blocker("APIService", f"{kind.plural} in {kind.api_version}", answer.message))
            case _:
                # the same object may be served by two groups
                found.update({one.uid: one for one in answer if one.uid not in found})
    return Survey(tuple(found.values()), tuple(unknown))


def survey_everything(api: Api, discovery: Discovery, namespace: str | None, selector: str | None = None) -> Survey:
    """The objects of every kind that there is. Raises as `survey`."""
    asked = survey(
        api, [kind for kind in discovery.kinds if (kind.group, kind.kind) not in _NOT_ASKED], namespace, selector
    )
    stale = tuple(Blocker("APIService", name, "its server does not answer") for name in discovery.stale)
    return Survey(asked.found, stale + asked.unknown)
