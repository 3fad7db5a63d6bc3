"""Completing the values of many objects at once: what their fields load is asked for in one go, without a task each."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

# Functions are made for each operation: their annotations take long to evaluate
from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any, NamedTuple

from graphql.execution.values import VariableValues
from graphql.pyutils import gather_with_cancel

from resolvers.transport.plans.arguments import Arguments
from resolvers.transport.plans.fields import Load
from resolvers.transport.plans.leaves import Complete, Unusual


class Asked(NamedTuple):
    """What an operation was asked with."""

    context: object
    variables: VariableValues


#: Gives the completed values, each at its place.
Finish = Callable[[], Awaitable[list[Any]]]


@dataclass(frozen=True, slots=True)
class Bulk:
    """What becomes of many values. Raises for whatever it does not know: `begin` for all that can be known at once,
    the function that it returns for what must be waited for."""

    begin: Callable[[Sequence[Any], Asked], Finish]


Completion = Complete | Bulk


async def attempt(bulk: Bulk, value: object, asked: Asked) -> list[Any]:
    """The completed value alone; an empty list where it can't be done in bulk."""
    with suppress(Exception):  # whatever it is, graphql-core meets it again, and reports it where it belongs
        return await bulk.begin([value], asked)()
    return []


def in_bulk(completion: Completion) -> Bulk:
    if isinstance(completion, Bulk):
        return completion

    def begin(values: Sequence[Any], _asked: Asked) -> Finish:
        completed = list(map(completion, values))

        async def finish() -> list[Any]:
            return completed

        return finish

    return Bulk(begin)


def nullables(bulk: Bulk) -> Bulk:
    """Completes nulls as well."""

    def begin(values: Sequence[Any], asked: Asked) -> Finish:
        finish_others = bulk.begin([value for value in values if value is not None], asked)

        async def finish() -> list[Any]:
            others = iter(await finish_others())
            return [None if value is None else next(others) for value in values]

        return finish

    return Bulk(begin)


def lists(bulk: Bulk) -> Bulk:
    """Completes the items of all lists together."""

    def begin(values: Sequence[Any], asked: Asked) -> Finish:
        if any(value.__class__ is not list and value.__class__ is not tuple for value in values):
            raise Unusual
        finish_items = bulk.begin(list(chain.from_iterable(values)), asked)

        async def finish() -> list[Any]:
            items = iter(await finish_items())
            return [list(islice(items, len(value))) for value in values]

        return finish

    return Bulk(begin)


def objects(read: Complete, fields: Mapping[str, Bulk]) -> Bulk:
    """Completes objects: `read` gives the response to each, in which `fields` are still to come."""

    def begin(values: Sequence[Any], asked: Asked) -> Finish:
        responses = list(map(read, values))
        columns = {name: field.begin(values, asked) for name, field in fields.items()} if responses else {}

        async def finish() -> list[Any]:
            for name, column in zip(columns, await _together(list(columns.values())), strict=True):
                for response, value in zip(responses, column, strict=True):
                    response[name] = value
            return responses

        return finish

    return Bulk(begin)


def read_by(get: Callable[[Any], Any], bulk: Bulk) -> Bulk:
    """Completes what `get` finds in objects."""
    return Bulk(lambda values, asked: bulk.begin(list(map(get, values)), asked))


def loaded_by(load: Load, arguments: Arguments, bulk: Bulk) -> Bulk:
    """Completes what `load` finds for objects, given the context and the field's arguments."""

    def begin(values: Sequence[Any], asked: Asked) -> Finish:
        given = arguments(asked.variables)

        async def finish() -> list[Any]:
            return await bulk.begin(await load(asked.context, values, **given), asked)()

        return finish

    return Bulk(begin)


async def _together(columns: Sequence[Finish]) -> list[list[Any]]:
    return [await columns[0]()] if len(columns) == 1 else await gather_with_cancel(*[finish() for finish in columns])
