"""A schema with one of everything that a field can be, over data in which anything can go wrong."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator, Sequence
from datetime import datetime
from enum import Enum, StrEnum
from functools import cached_property, partial
from typing import Annotated, Any, NewType, TypeAlias, cast

import strawberry
from strawberry.scalars import JSON
from strawberry.schema.config import StrawberryConfig
from strawberry.types.scalar import ScalarDefinition

from resolvers.batching import Loader
from resolvers.transport.plans.fields import CONTEXT_ALONE, LOAD


class Trap:
    """An attribute that raises when it is read."""

    def __init__(self, error: Exception) -> None:
        self.error = error


class Later:
    """A value that must be awaited."""

    def __init__(self, value: object) -> None:
        self._value = value

    def __await__(self) -> Generator[Any, Any, object]:
        yield from asyncio.sleep(0).__await__()
        return self._value


class Trapped:
    """Its attributes may be traps."""

    def __getattribute__(self, name: str) -> Any:
        value = super().__getattribute__(name)
        if isinstance(value, Trap):
            raise value.error
        return value


@strawberry.enum
class Color(Enum):
    RED = 1
    GREEN = "green"


@strawberry.enum
class Size(StrEnum):
    BIG = "big"
    SMALL = "small"


Fussy = NewType("Fussy", str)


def _fussy(value: object) -> object:
    if value == "refused":
        raise ValueError(value)
    return None if value == "nothing" else str(value).upper()


FUSSY: ScalarDefinition = strawberry.scalar(name="Fussy", serialize=_fussy, parse_value=str)


class Context:
    """`root` is what the query's fields give; `calls` are the resolvers that ran, in their order."""

    def __init__(self, root: Any) -> None:
        self.root = root
        self.calls: list[str] = []
        self.loads: list[int] = []
        self._values: dict[int, Callable[[], object]] = {}

    @cached_property
    def _loader(self) -> Loader[int, Any]:
        return Loader(self._load)

    async def load(self, cages: Sequence[Cage], value_of: Callable[[Cage], object]) -> list[Any]:
        """The value of each, all of them loaded together."""
        keys = [hash((id(cage), id(value_of))) for cage in cages]
        self._values |= {key: partial(value_of, cage) for key, cage in zip(keys, cages, strict=True)}
        return await self._loader.load_many(keys)

    async def _load(self, keys: list[int]) -> list[Any]:
        await asyncio.sleep(0)
        self.loads.append(len(keys))
        return [self._value(key) for key in keys]

    def _value(self, key: int) -> object:
        try:
            return self._values[key]()
        except Exception as error:  # noqa: BLE001 a loader gives it to who asked for this one
            return error


Info: TypeAlias = strawberry.Info[Context, None]


@strawberry.interface
class Being(Trapped):
    id: strawberry.ID
    name: str

    @strawberry.field
    def greeting(self, info: Info, loudly: bool = False) -> str:
        info.context.calls.append("greeting")
        return f"HELLO {self.name}" if loudly else f"hello {self.name}"


@strawberry.type
class Cat(Being):
    lives: int
    mood: Size | None
    friend: Pet | None


@strawberry.type
class Dog(Being):
    weight: float
    friends: list[Being | None]


class Stray(Trapped):
    """A bird of another layer's, told apart by its class alone."""


@strawberry.type
class Bird(Trapped):
    name: str
    wings: int | None

    @classmethod
    def is_type_of(cls, value: object, _info: object) -> bool:
        return isinstance(value, Stray | Bird)


@strawberry.type
class Fish(Trapped):
    """Told apart by what only graphql-core can say."""

    name: str
    depth: int

    @classmethod
    def is_type_of(cls, value: object, info: Info) -> bool:
        return isinstance(value, Fish) and bool(info.path.as_list())


Pet: TypeAlias = Annotated[Cat | Dog | Bird | Fish, strawberry.union("Pet")]


def _inner(cage: Cage) -> object:
    return cage.inner


def _cages(cage: Cage) -> object:
    return cage.cages


async def _inner_of_all(context: Context, cages: Sequence[Cage]) -> Sequence[object]:
    return await context.load(cages, _inner)


async def _pages(context: Context, cages: Sequence[Cage], first: int | None = None) -> list[Page]:
    if first == 0:
        raise ValueError("no page is that small")
    return [Page(nodes=nodes, first=first) for nodes in await context.load(cages, _cages)]


@strawberry.type
class Cage(Trapped):
    id: strawberry.ID
    label: str | None
    number: int
    number_or_none: int | None
    ratio: float
    open: bool
    color: Color
    color_or_none: Color | None
    size: Size
    since: datetime
    notes: JSON | None
    fussy: Fussy
    fussy_or_none: Fussy | None
    tags: list[str]
    grid: list[list[int | None] | None]
    colors: list[Color] | None
    inner: Cage | None
    rows: list[list[Cage]] | None
    cages: list[Cage]
    cages_or_none: list[Cage | None] | None
    bird: Bird
    cat: Cat | None
    being: Being | None
    beings: list[Being]
    pet: Pet | None
    pets: list[Pet]

    @strawberry.field
    def initial(self) -> str | None:
        return self.label[0] if self.label else self.tags[0]

    @strawberry.field
    def perches(self) -> list[Bird]:
        return [self.bird, *[cage.bird for cage in self.cages]]

    @strawberry.field
    def total(self, info: Info, plus: int = 0) -> int:
        info.context.calls.append("total")
        return self.number + plus

    @strawberry.field
    async def later_total(self, info: Info) -> int | None:
        info.context.calls.append("later_total")
        await asyncio.sleep(0)
        return self.number

    @strawberry.field
    async def later_cages(self, info: Info) -> list[Cage]:
        info.context.calls.append("later_cages")
        await asyncio.sleep(0)
        return self.cages

    @strawberry.field(metadata={LOAD: _inner_of_all})
    async def loaded(self, info: Info) -> Cage | None:
        [inner] = await _inner_of_all(info.context, [self])
        return cast("Cage", inner)

    @strawberry.field(metadata={LOAD: _pages})
    async def page(self, info: Info, first: int | None = 2) -> Page:
        [page] = await _pages(info.context, [self], first)
        return page

    @strawberry.field
    def refuses(self, info: Info) -> str:
        info.context.calls.append("refuses")
        raise ValueError("refused")


@strawberry.type
class Page(Trapped):
    nodes: list[Cage]
    first: int | None


Word: TypeAlias = Annotated[str | None, strawberry.argument(name="word")]
REPEATABLE = {CONTEXT_ALONE: True}


@strawberry.type
class Query:
    @strawberry.field
    def cage(self, info: Info) -> Cage | None:
        return cast("Cage", info.context.root)

    @strawberry.field
    async def later_cage(self, info: Info) -> Cage:
        await asyncio.sleep(0)
        return cast("Cage", info.context.root)

    @strawberry.field(metadata=REPEATABLE)
    async def kept_cage(self, info: Info) -> Cage | None:
        return cast("Cage", info.context.root)

    @strawberry.field(metadata=REPEATABLE)
    async def kept_page(self, info: Info, first: int | None = 2) -> Page:
        [page] = await _pages(info.context, [info.context.root], first)
        return page

    @strawberry.field(metadata=REPEATABLE)
    async def kept_cages(self, info: Info, word_: Word = "none", loudly: bool = False) -> list[Cage]:
        if loudly and word_ is None:
            raise ValueError("there is no word to be loud with")
        return info.context.root.cages[: len(word_ or "")]

    @strawberry.field(metadata=REPEATABLE)
    async def kept_name(self, info: Info) -> str:
        return info.field_name

    @strawberry.field
    def all_cages(self, info: Info) -> list[Cage]:
        return [info.context.root, info.context.root]


@strawberry.type
class Mutation:
    @strawberry.field
    def cage(self, info: Info) -> Cage | None:
        return cast("Cage", info.context.root)


def zoo() -> strawberry.Schema:
    config = StrawberryConfig(scalar_map={Fussy: FUSSY})
    return strawberry.Schema(query=Query, mutation=Mutation, types=[Cat, Dog], config=config)
