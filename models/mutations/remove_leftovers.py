"""removeLeftovers."""

from collections.abc import Collection, Sequence

from sqlmodel import Session

from models.inquiries import InquiryKind, ask, reusable
from models.leftovers import LeftoversToRemove
from models.mutations.authority import require_everywhere
from models.mutations.request import Request, claim_key, keep_result
from models.names import quote
from models.operation import Inquiry
from models.refusals import InvalidInput, Issue
from models.vocabulary import Role

#: At once.
MOST = 500
_MAX_UID = 64


def remove_leftovers(
    session: Session, request: Request, *, cluster: str, uids: Sequence[str], clusters: Collection[str]
) -> Inquiry:
    """Asks a worker to remove these of what no environment owns. Raises Forbidden, InvalidInput, IdempotencyConflict.

    A repetition gets the answer that there was. Where it was lost a worker is asked again: no uid ever comes back.
    """
    require_everywhere(request, Role.ADMIN)
    earlier = claim_key(session, request)
    if earlier is not None and (asked := reusable(session, earlier)) is not None:
        return asked
    issues = [
        Issue(("uids", str(index)), f"{quote(uid)} is no uid: take those that `leftovers` shows.")
        for index, uid in enumerate(uids)
        if not 1 <= len(uid) <= _MAX_UID
    ]
    if not 1 <= len(uids) <= MOST:
        issues = [Issue(("uids",), f"Name 1 to {MOST} of the leftovers by their uids; there are {len(uids)}.")]
    if cluster not in clusters:
        issues.append(unknown_cluster(cluster, clusters))
    if issues:
        raise InvalidInput(issues)
    named = LeftoversToRemove(uids=list(dict.fromkeys(uids)))
    inquiry = ask(session, InquiryKind.REMOVE_LEFTOVERS, cluster, named.model_dump_json())
    keep_result(session, request, inquiry.id)
    return inquiry


def unknown_cluster(given: str, clusters: Collection[str]) -> Issue:
    return Issue(("cluster",), f"There is no cluster {quote(given)}. Known: {', '.join(clusters)}.")
