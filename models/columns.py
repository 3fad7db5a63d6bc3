"""Column types and identifiers that every table shares."""

import re
import secrets
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache, lru_cache
from typing import Any, Generic, TypeVar, cast

from pydantic import BaseModel, TypeAdapter
from sqlalchemy import JSON, DateTime, Dialect, MetaData, String
from sqlalchemy.orm import declared_attr
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.types import TypeDecorator
from sqlmodel import SQLModel

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)

#: Values of some 8 kB each.
REMEMBERED = 2000

_ID = re.compile(r"[a-z]{3}_[0-9a-f]{24}", re.ASCII)

# Migrations name constraints by these rules, so that both databases can drop them again.
SQLModel.metadata.naming_convention = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
).naming_convention


class Table(SQLModel):
    """The base of every table: named after its class, in snake case."""

    def __init__(self, **values: Any) -> None:
        """SQLModel would ask every field of every new row for its default, and tell SQLAlchemy of each as a change."""
        plain, made = _defaults(type(self))  # pyright: ignore[reportArgumentType] a class has a hash
        fields = {**plain, **{name: make() for name, make in made.items() if name not in values}, **values}
        for name, value in fields.items():
            set_committed_value(self, name, value)

    @declared_attr.directive
    def __tablename__(cls) -> str:  # noqa: N805  # pyright: ignore[reportIncompatibleVariableOverride]
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()


@cache
def _defaults(table: type[Table]) -> tuple[Mapping[str, object], Mapping[str, Callable[[], object]]]:
    """Those that all rows share, and those that are made for each."""
    fields = {name: field for name, field in table.model_fields.items() if not field.is_required()}
    plain = {name: field.default for name, field in fields.items() if field.default_factory is None}
    made = {name: field.default_factory for name, field in fields.items() if field.default_factory is not None}
    return plain, cast("Mapping[str, Callable[[], object]]", made)


def now() -> datetime:
    """The instant, in UTC. For people to read; leases use the database's clock."""
    return datetime.now(UTC)


def new_id(prefix: str) -> str:
    """An identifier that says what it identifies and sorts by its time of creation."""
    return f"{prefix}_{time.time_ns() // 1_000_000:012x}{secrets.token_hex(6)}"


def is_id(text: str) -> bool:
    """Whether `new_id` may have made it. Nothing else needs to be looked up."""
    return _ID.fullmatch(text) is not None


class UtcDateTime(TypeDecorator[datetime]):
    """An instant. SQLite forgets the zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Json(TypeDecorator[T], Generic[T]):
    """A typed value kept as JSON: written and read through pydantic.

    What can't be changed is read from the same text only once: a page of services brings a thousand configurations,
    and the next page or release many of them again.
    """

    impl = JSON
    cache_ok = True

    def __init__(self, kind: type[T]) -> None:
        super().__init__(none_as_null=True)
        self.kind = kind
        self._adapter: TypeAdapter[T] = TypeAdapter(kind)
        self._read = (
            lru_cache(REMEMBERED)(self._adapter.validate_json) if _is_frozen(kind) else self._adapter.validate_json
        )

    def process_bind_param(self, value: T | None, dialect: Dialect) -> Any:
        return None if value is None else self._adapter.dump_python(value, mode="json")

    def process_result_value(self, value: str | bytes | None, dialect: Dialect) -> T | None:
        """`models.database` has engines leave JSON as the text that it is."""
        return None if value is None else self._read(value)


def _is_frozen(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel) and bool(kind.model_config.get("frozen"))


class Word(TypeDecorator[E], Generic[E]):
    """A word of the vocabulary, kept as text: a new word needs no change of the database."""

    impl = String(32)
    cache_ok = True

    def __init__(self, kind: type[E]) -> None:
        super().__init__()
        self.kind = kind
        self._words = {word.value: word for word in kind}

    def process_bind_param(self, value: E | None, dialect: Dialect) -> str | None:
        return None if value is None else str(self.kind(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> E | None:
        """Raises KeyError for a word that the vocabulary does not have."""
        return None if value is None else self._words[value]


def json(kind: Any) -> type[Any]:
    """The column type of a field that holds a `kind` as JSON. (SQLModel takes instances but declares classes.)"""
    return cast(type[Any], Json(kind))


def word(kind: type[E]) -> type[Any]:
    """The column type of a field that holds a word of `kind`."""
    return cast(type[Any], Word(kind))
