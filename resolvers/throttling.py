"""Refuses mutations that are too many, and puts that on record: a flood writes few entries."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import cast

from pydantic.alias_generators import to_snake

from models.audit.recording import record_turned_away
from models.mutations.request import Request
from resolvers.context import context_of
from resolvers.transport import AskedMutation, AskedMutations, Call, Code, Refusal

#: So many of a caller's within a minute have an entry each.
EACH = 10
#: Those that a fragment repeats without end are not counted without end.
MOST_OF_OPERATION = 500


async def throttle(call: Call, mutations: AskedMutations) -> None:
    """Raises a Refusal; what was refused is in the audit log then. GraphQLError when it can't be written there."""
    process = call.connection.state.process
    try:
        await process.mutation_rate(call.caller, mutations.count)
    except Refusal as refusal:
        await process.mutations.run(_record(call, tuple(islice(mutations, MOST_OF_OPERATION)), refusal))
        raise


def is_recorded(number: int) -> bool:
    """The first few, then the 100th, the 1000th and so on."""
    return number <= EACH or str(number).strip("0") == "1"


async def _record(call: Call, asked: tuple[AskedMutation, ...], refusal: Refusal) -> None:
    context = context_of(call)
    request = Request(context.access, source=context.source)
    numbers = await context.process.mutation_rate.refused(call.caller, len(asked))
    for mutation, number in zip(asked, numbers, strict=False):
        if is_recorded(number):
            message = f"{refusal} It was number {number} of those refused within a minute."
            named = dict(_texts(mutation))
            await context.write(record_turned_away, mutation.name, request, Code.RATE_LIMITED, message, named)


def _texts(mutation: AskedMutation) -> Iterator[tuple[str, str]]:
    """Of the input what names an object. All else stays out: nobody has looked for secrets in it."""
    asked = mutation.arguments.get("input")
    for field, value in cast("Mapping[str, object]", asked).items() if isinstance(asked, dict) else ():
        if isinstance(value, str):
            yield to_snake(field), value
