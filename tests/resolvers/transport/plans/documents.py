"""Valid documents for a schema, with whatever a selection can have."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from dataclasses import dataclass, field

from graphql import (
    GraphQLCompositeType,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_composite_type,
)
from hypothesis import strategies as st

CONDITIONS = ("$yes", "$no", "true", "false")
ARGUMENTS = {"plus": "plus: $number", "loudly": "loudly: $yes", "first": "first: $number", "word": "word: $word"}
HEAD = "query Zoo($yes: Boolean!, $no: Boolean! = false, $number: Int = 3"
#: What follows a selection of the root: uses each of the variables.
TAIL = "cage { tail: page(first: $number) { first } yes: __typename @include(if: $yes) no: __typename @skip(if: $no) }"
#: Where the root has only fields that are answered without graphql-core.
KEPT_HEAD = f'{HEAD}, $word: String = "ab"'
KEPT_TAIL = """tail: keptCages(word: $word, loudly: $no) { page(first: $number) { first } }
  tails: keptCages(loudly: $yes) { id }"""


@dataclass
class _Writer:
    draw: st.DrawFn
    schema: GraphQLSchema
    #: Whether the root has only fields that are answered without graphql-core.
    kept: bool
    fragments: list[str] = field(default_factory=list[str])

    def selection_set(self, type_: GraphQLCompositeType, depth: int) -> str:
        count = self.draw(st.integers(1, 5))
        return "{ " + " ".join(self._selection(type_, depth) for _ in range(count)) + " }"

    def _selection(self, type_: GraphQLCompositeType, depth: int) -> str:
        dice = self.draw(st.integers(0, 9))
        if dice == 0:
            return f"{self._alias('__typename')}__typename{self._directive()}"
        if dice == 1 and depth:
            return f"... {self._directive()} {self.selection_set(type_, depth - 1)}"
        if depth and (dice == 2 or not isinstance(type_, GraphQLObjectType | GraphQLInterfaceType)):
            return self._on_type(type_, depth)
        if not isinstance(type_, GraphQLObjectType | GraphQLInterfaceType):
            return "__typename"
        leaves = {name: one for name, one in type_.fields.items() if depth or not _is_composite(one)}
        if type_ is self.schema.query_type:
            leaves = {name: one for name, one in leaves.items() if name.startswith("kept") is self.kept}
        if not leaves:
            return "__typename"
        name = self.draw(st.sampled_from(sorted(leaves)))
        return self._field(name, leaves[name], depth)

    def _on_type(self, type_: GraphQLCompositeType, depth: int) -> str:
        if isinstance(type_, GraphQLObjectType):
            possible = type_
        else:
            possible = self.draw(st.sampled_from(self.schema.get_possible_types(type_)))
        body = f"on {possible.name} {{directive}} {self.selection_set(possible, depth - 1)}"
        if self.draw(st.booleans()):
            return f"... {body.replace('{directive}', self._directive())}"
        name = f"F{len(self.fragments)}"
        self.fragments.append(f"fragment {name} {body.replace('{directive}', '')}")
        return f"...{name}{self._directive()}"

    def _field(self, name: str, field: GraphQLField, depth: int) -> str:
        arguments = [ARGUMENTS[argument] for argument in field.args] if self.draw(st.booleans()) else []
        suffix = "With" if arguments else ""
        head = f"{self._alias(name + suffix) or (suffix and f'{name}{suffix}: ')}{name}"
        head += f"({', '.join(arguments)})" if arguments else ""
        type_ = get_named_type(field.type)
        body = self.selection_set(type_, depth - 1) if is_composite_type(type_) else ""
        return f"{head}{self._directive()} {body}"

    def _alias(self, name: str) -> str:
        return f"{name}{self.draw(st.integers(1, 2))}: " if self.draw(st.integers(0, 4)) == 0 else ""

    def _directive(self) -> str:
        if self.draw(st.integers(0, 7)):
            return ""
        name = self.draw(st.sampled_from(["skip", "include"]))
        return f" @{name}(if: {self.draw(st.sampled_from(CONDITIONS))})"


def _is_composite(field: GraphQLField) -> bool:
    return is_composite_type(get_named_type(field.type))


@st.composite
def documents(draw: st.DrawFn, schema: GraphQLSchema) -> str:
    """An operation with the variables `yes`, `no`, `number` and `word`. Some don't validate: their aliases meet."""
    assert schema.query_type
    writer = _Writer(draw, schema, draw(st.booleans()))
    body = writer.selection_set(schema.query_type, 5)
    head, tail = (KEPT_HEAD, KEPT_TAIL) if writer.kept else (HEAD, TAIL)
    return f"{head}) {{ {body[1:-1]} {tail} }} {' '.join(writer.fragments)}"
