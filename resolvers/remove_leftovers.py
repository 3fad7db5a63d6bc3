"""removeLeftovers."""

import models.mutations.remove_leftovers as model
from models.leftovers import RemovedLeftovers
from resolvers.answers import answering
from resolvers.carrying_out import carry_out
from resolvers.context import Info
from resolvers.inputs import Input, given
from resolvers.inquiries import answer_to
from schema.inputs.mutations import RemoveLeftoversInput
from schema.leftovers import LeftoversRemoved
from schema.results import RemoveLeftoversResult


@answering
async def remove_leftovers(info: Info, asked: Input[RemoveLeftoversInput]) -> RemoveLeftoversResult:
    context = info.context
    clusters = context.process.clusters
    inquiry = await carry_out(
        context,
        model.remove_leftovers,
        asked,
        cluster=given(asked.cluster) or clusters[0],
        uids=asked.uids,
        clusters=clusters,
    )
    answer = await answer_to(context.process, context.read, inquiry.id)
    return LeftoversRemoved.of(RemovedLeftovers.model_validate_json(answer))
