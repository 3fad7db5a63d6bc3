"""Writes, for one selection of one type, the function that makes the response of an object out of its attributes."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from keyword import iskeyword
from typing import Any

from graphql import GraphQLEnumType, GraphQLNonNull, GraphQLOutputType, GraphQLScalarType
from strawberry.types.cast import TYPE_CAST_ATTRIBUTE

from resolvers.transport.plans.leaves import UNCHANGED, Complete, Unusual, value_names


@dataclass(frozen=True, slots=True)
class Attribute:
    """A field that is answered by an attribute. Raises Unusual when its name can't be one."""

    name: str
    type: GraphQLOutputType
    complete: Complete

    def __post_init__(self) -> None:
        if not self.name.isidentifier() or iskeyword(self.name):
            raise Unusual


@dataclass(frozen=True, slots=True)
class Computed:
    """A field that is answered by a function of the object alone."""

    function: Callable[[Any], Any]
    type: GraphQLOutputType
    complete: Complete


@dataclass(frozen=True, slots=True)
class Constant:
    """A field that is the same for every object: its type's name, or null in place of what is executed later."""

    value: str | None


Readable = Attribute | Computed | Constant


def reader(fields: Mapping[str, Readable], known: set[type], admit: Complete) -> Complete:
    """A function from an object to its response, whose names are the fields'.

    It takes objects of the classes `known` as they are, unless they were cast to another type, and asks `admit` about
    others, which raises for what it does not take. One expression does it all: every call less counts in lists of
    thousands.
    """
    names: dict[str, object] = {"known": known, "admit": admit}
    entries = [
        f"{response_name!r}: {_expression(field, str(number), names)}"
        for number, (response_name, field) in enumerate(fields.items())
    ]
    response = f"{{{', '.join(entries)}}}"
    usual = f"o.__class__ in known and not hasattr(o, {TYPE_CAST_ATTRIBUTE!r})"
    source = f"lambda o: ({usual} or admit(o)) and {response}"
    # Made of names that GraphQL's and Python's grammars take, and of nothing else
    return eval(source, names)  # noqa: S307


def _expression(field: Readable, number: str, names: dict[str, object]) -> str:
    """The field's value for the object `o`; what else it needs goes into `names`."""
    if isinstance(field, Constant):
        return repr(field.value)
    names[f"complete{number}"] = field.complete
    value = _value(field, number, names)
    type_ = field.type.of_type if isinstance(field.type, GraphQLNonNull) else field.type
    if isinstance(type_, GraphQLScalarType) and type_ in UNCHANGED:
        class_, condition = UNCHANGED[type_]
        check = f".__class__ is {class_.__name__}{condition}"
        check = f" is None or v{check}" if type_ is field.type else check
        return f"v if (v := {value}){check} else complete{number}(v)"
    if isinstance(type_, GraphQLEnumType):
        names[f"spelled{number}"] = value_names(type_).get
        return f"spelled{number}(id(v := {value})) or complete{number}(v)"
    return f"complete{number}({value})"


def _value(field: Attribute | Computed, number: str, names: dict[str, object]) -> str:
    if isinstance(field, Attribute):
        return f"o.{field.name}"
    names[f"compute{number}"] = field.function
    return f"compute{number}(o)"
