"""What an operation has loaded is freed when it ends."""

import gc
from collections.abc import Sequence
from typing import Any, cast
from weakref import ref

import pytest

from models.access import Access
from models.reads.lookup import rows_by_id
from models.vocabulary import Role
from resolvers.context import OperationContext
from resolvers.process import Process

pytestmark = pytest.mark.anyio


class NoRows:
    """In the place of a process: its database is empty."""

    async def read(self, function: object, _scope: object, keys: Any, *_: object) -> dict[str, Sequence[object]]:
        return {} if function is rows_by_id else dict.fromkeys(keys, ())

    write = read


async def test_what_an_operation_has_loaded_is_freed_at_once() -> None:
    """Not some time later, when a garbage collector finds it."""
    context = OperationContext(cast("Process", NoRows()), Access("somebody", everywhere=Role.VIEWER))
    loaders = context.loaders
    ended = [ref(context), ref(loaders), ref(loaders.environment_services), ref(loaders.possible_service)]
    gc.disable()
    try:
        await loaders.possible_service.load("svc_1")
        page = await loaders.environment_services.of("env_1", 1, None)
        assert page.nodes == []
        del context, loaders, page
        assert [one() for one in ended] == [None] * 4
    finally:
        gc.enable()
