"""What a field loads for many objects at once is what its resolver loads for each."""

# pyright: reportUnknownMemberType=false

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest
from strawberry.types.base import StrawberryObjectDefinition
from strawberry.types.field import StrawberryField

from resolvers.schema import make_schema
from resolvers.transport.plans import fields
from schema.loading import LOAD

pytestmark = pytest.mark.anyio

OBJECT = SimpleNamespace(id="own", environment_id="environment", project_id="project")


@dataclass
class Loader:
    """Notes what it is asked for, under its name."""

    name: str
    asked: list[tuple[Any, ...]]

    async def load(self, key: str) -> None:
        self.asked.append((self.name, key))

    async def load_many(self, keys: list[str]) -> list[None]:
        return [await self.load(key) for key in keys]

    async def of(self, parent: str, *page: object) -> None:
        self.asked.append((self.name, parent, *page))

    async def of_all(self, parents: list[str], *page: object) -> list[None]:
        return [await self.of(parent, *page) for parent in parents]


@dataclass
class Loaders:
    asked: list[tuple[Any, ...]] = field(default_factory=list[tuple[Any, ...]])

    def __getattr__(self, name: str) -> Loader:
        return Loader(name, self.asked)


def loaded_fields() -> dict[str, StrawberryField]:
    return {
        f"{definition.name}.{one.python_name}": one
        for known in make_schema().schema_converter.type_map.values()
        if isinstance(definition := known.definition, StrawberryObjectDefinition)
        for one in definition.fields
        if LOAD in one.metadata
    }


@pytest.mark.parametrize(("name", "loaded"), loaded_fields().items())
async def test_both_ask_for_the_same(name: str, loaded: StrawberryField) -> None:
    assert loaded.base_resolver is not None
    alone, together = Loaders(), Loaders()
    page: dict[str, Any] = {"first": 7, "after": "x"} if loaded.arguments else {}
    await loaded.base_resolver(OBJECT, SimpleNamespace(context=SimpleNamespace(loaders=alone)), **page)  # pyright: ignore
    await loaded.metadata[LOAD](SimpleNamespace(loaders=together), [OBJECT, OBJECT], **page)
    assert together.asked == [*alone.asked, *alone.asked]
    assert len(alone.asked) == 1


def test_executors_know_them_by_the_same_word() -> None:
    assert fields.LOAD == LOAD
