"""What no environment owns, for admins."""

from typing import Annotated, TypeAlias

import strawberry
from sqlmodel import Session

from models import leftovers as model
from models.inquiries import InquiryKind, ask
from models.mutations.remove_leftovers import unknown_cluster
from models.vocabulary import Role
from resolvers.context import Info
from resolvers.failures import FailureCode, failure
from resolvers.inputs import given
from resolvers.inquiries import answer_to
from schema.leftovers import Leftovers

OfCluster: TypeAlias = Annotated[
    str | None, strawberry.argument(description="The cluster, by the name that the operator gave it. Null: the first.")
]


async def leftovers(info: Info, cluster: OfCluster = strawberry.UNSET) -> Leftovers:
    context = info.context
    if not context.access.may_everywhere(Role.ADMIN):
        raise failure("Leftovers belong to no project: seeing them takes ADMIN everywhere.", FailureCode.FORBIDDEN)
    clusters = context.process.clusters
    name = given(cluster) or clusters[0]
    if name not in clusters:
        raise failure(unknown_cluster(name, clusters).message, FailureCode.BAD_USER_INPUT)
    inquiry_id = await context.write(_ask, name)
    answer = await answer_to(context.process, context.read, inquiry_id)
    return Leftovers.of(name, model.Leftovers.model_validate_json(answer))


def _ask(session: Session, cluster: str) -> str:
    return ask(session, InquiryKind.LEFTOVERS, cluster).id
