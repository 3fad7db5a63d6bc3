"""Finds any object by its global id, whose prefix tells the type."""

from collections.abc import Sequence
from typing import cast

from resolvers.batching import Loader
from resolvers.context import Info
from resolvers.failures import FailureCode, failure
from resolvers.loaders import OperationLoaders
from schema.connection import MOST
from schema.node import Node


async def find_node(info: Info, id_: str) -> Node | None:
    loader = _loader_of(info.context.loaders, id_)
    return await loader.load(id_) if loader is not None else None


async def find_nodes(info: Info, ids: Sequence[str]) -> list[Node | None]:
    """Raises GraphQLError for too many."""
    if len(ids) > MOST:
        raise failure(f"{len(ids)} ids; at most {MOST} are allowed. Ask several times.", FailureCode.BAD_USER_INPUT)
    loaders = [(_loader_of(info.context.loaders, id_), id_) for id_ in ids]
    waiting = [loader.load(id_) if loader is not None else None for loader, id_ in loaders]
    return [await found if found is not None else None for found in waiting]


def _loader_of(loaders: OperationLoaders, id_: str) -> Loader[str, Node | None] | None:
    match id_.partition("_")[0]:
        case "prj":
            loader = loaders.possible_project
        case "psv":
            loader = loaders.possible_project_service
        case "env":
            loader = loaders.possible_environment
        case "svc":
            loader = loaders.possible_service
        case "rel":
            loader = loaders.possible_release
        case "wfl":
            loader = loaders.possible_workflow
        case "opr":
            loader = loaders.possible_operation
        case _:
            return None
    return cast("Loader[str, Node | None]", loader)
