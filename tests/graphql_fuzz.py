"""Documents that look like those of a schema and mostly are not: wrong names, wrong types, wrong shapes, too much of
everything. The same number makes the same document."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from collections.abc import Mapping
from random import Random

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLType,
    GraphQLUnionType,
    get_named_type,
)

ODDITIES = (
    "null",
    "true",
    "0",
    "-1",
    "2147483648",
    "-99999999999999999999",
    "9" * 400,
    "1e400",
    "0.1",
    '""',
    '"\\u0000"',
    '"\\ud83d"',
    '"\\u{1F600}"',
    '"' + "x" * 5000 + '"',
    '"""block "quoted" """',
    "[]",
    "[[[[]]]]",
    "{}",
    "{a: {a: {a: 1}}}",
    "NO_SUCH_VALUE",
    "$unknown",
)
SCALARS: Mapping[str, tuple[str, ...]] = {
    "Int": ("0", "1", "20", "100"),
    "Float": ("0.5", "1"),
    "Boolean": ("true", "false"),
    "String": ('"text"', '""'),
    "ID": ('"1"', "1", '"RW52aXJvbm1lbnQ6MQ=="'),
}
VARIABLES: tuple[object, ...] = ("1", 1, True, None, [], {}, "x" * 300)
RARE_VARIABLES: tuple[object, ...] = (None, [], "text", 1, {"v0": {"v0": [[], []]}}, {"v1": 10.0**300, "v0": 2**63})
NOISE = ("{", "}", "(", ")", "...", "@", "$", "!", "\ufeff", "#\n", '"', "🙂", "\x00", "on", ":", "&")


class Fuzz:
    """Makes one document after another for a schema. Fields in `avoid` are left alone."""

    def __init__(self, schema: GraphQLSchema, seed: int, avoid: frozenset[str] = frozenset()) -> None:
        self._schema = schema
        self._random = Random(seed)
        self._avoid = avoid
        self._declared: dict[str, str] = {}
        self._types = sorted(name for name in schema.type_map if not name.startswith("__"))

    def document(self) -> str:
        choose = self._random.choices(
            (self._operation, self._several, self._deep, self._wide, self._noisy), (12, 3, 1, 1, 3)
        )
        return choose[0]()

    def variables(self) -> object:
        """What might be sent as variables, right or wrong."""
        if self._chance(0.2):
            return self._random.choice(RARE_VARIABLES)
        return {name: self._random.choice(VARIABLES) for name in ("v0", "v1")}

    def _operation(self) -> str:
        kind = self._random.choices(("query", "mutation", "subscription"), (8, 2, 1))[0]
        root = {
            "query": self._schema.query_type,
            "mutation": self._schema.mutation_type,
            "subscription": self._schema.subscription_type,
        }[kind]
        name = self._random.choice(("", " A", " B"))
        self._declared = {}
        selections = self._selections(root or self._schema.query_type, self._random.randint(0, 4))
        return f"{kind}{name}{self._definitions()}{self._directive()} {selections}"

    def _several(self) -> str:
        """Operations and fragments side by side; some fragments use themselves."""
        fragments = [self._fragment(number) for number in range(self._random.randint(0, 2))]
        return "\n".join([self._operation(), *fragments, self._operation()])

    def _fragment(self, number: int) -> str:
        type_ = self._random.choice(self._types)
        return f"fragment F{number} on {type_} {{ __typename ...F{self._random.randint(0, 2)} }}"

    def _deep(self) -> str:
        depth = self._random.choice((5, 50, 400, 3000))
        opening, closing = self._random.choice((("{a", "}"), ("{a(x:[", "])}"), ("{...{a", "}}"), ("{a(x:{b:", "})}")))
        return opening * depth + self._random.choice(("", closing * depth))

    def _wide(self) -> str:
        field = self._random.choice(("hello", "__typename", "a:__schema{types{name}}", "a@skip(if:true)"))
        return "{" + f"{field} " * self._random.choice((15, 100, 3000)) + "}"

    def _noisy(self) -> str:
        text = self._operation()
        for _ in range(self._random.randint(1, 3)):
            place = self._random.randint(0, len(text))
            text = text[:place] + self._random.choice(NOISE) + text[place + self._random.randint(0, 2) :]
        return text

    def _selections(self, parent: GraphQLNamedType | None, depth: int) -> str:
        if self._chance(0.03):
            return self._random.choice(("", "{}", "{ ...Missing }", "{ noSuchField }", "{ ... on NoSuchType { a } }"))
        fields: Mapping[str, GraphQLField] = {}
        if isinstance(parent, GraphQLObjectType | GraphQLInterfaceType):
            fields = {name: field for name, field in parent.fields.items() if name not in self._avoid}
        chosen = self._random.sample(sorted(fields), min(len(fields), self._random.randint(1, 3)))
        selections = [self._field(name, fields[name], depth) for name in chosen] or ["__typename"]
        if isinstance(parent, GraphQLUnionType) or self._chance(0.1):
            type_ = self._schema.type_map[self._random.choice(self._types)]
            selections.append(
                f"... on {type_.name} {self._selections(type_, depth - 1) if depth > 0 else '{ __typename }'}"
            )
        return "{ " + " ".join(selections) + " }"

    def _field(self, name: str, field: GraphQLField, depth: int) -> str:
        given = {name: self._value(argument.type) for name, argument in field.args.items() if self._chance(0.8)}
        if self._chance(0.03):
            given["noSuchArgument"] = self._random.choice(ODDITIES)
        arguments = ", ".join(f"{name}: {value}" for name, value in given.items())
        alias = self._random.choice(("a: ", "b: ")) if self._chance(0.1) else ""
        type_ = get_named_type(field.type)
        composite = isinstance(type_, GraphQLObjectType | GraphQLInterfaceType | GraphQLUnionType)
        inner = ""
        if composite != self._chance(0.02):
            inner = self._selections(type_, depth - 1) if depth > 0 else "{ __typename }"
        return f"{alias}{name}{f'({arguments})' if arguments else ''}{self._directive()} {inner}"

    def _value(self, type_: GraphQLType, depth: int = 4) -> str:
        if self._chance(0.1) or depth == 0:
            return self._random.choice(ODDITIES)
        if self._chance(0.15):
            return self._variable(type_)
        match type_:
            case GraphQLNonNull(of_type=inner):
                return self._value(inner, depth)
            case GraphQLList(of_type=inner):
                return "[" + ", ".join(self._value(inner, depth - 1) for _ in range(self._random.randint(0, 2))) + "]"
            case GraphQLEnumType():
                return self._random.choice(sorted(type_.values))
            case GraphQLInputObjectType():
                fields = {name: field for name, field in type_.fields.items() if self._chance(0.7)}
                return (
                    "{" + ", ".join(f"{name}: {self._value(one.type, depth - 1)}" for name, one in fields.items()) + "}"
                )
            case _:
                return self._random.choice(SCALARS.get(str(type_), ('"2026-01-01T00:00:00Z"', '"x"', "1")))

    def _variable(self, type_: GraphQLType) -> str:
        """A variable, declared as what it is used for, or as something else."""
        name = self._random.choice(("v0", "v1"))
        self._declared.setdefault(name, self._random.choice(self._types) if self._chance(0.1) else str(type_))
        return f"${name}"

    def _definitions(self) -> str:
        if not self._declared:
            return self._random.choice(("", "", "", "()", "($v0: Int!!)", "($v0: Int = $v1)", "($v0: [String] = 1)"))
        return "(" + ", ".join(f"${name}: {type_}" for name, type_ in self._declared.items()) + ")"

    def _directive(self) -> str:
        if self._chance(0.9):
            return ""
        return self._random.choice((" @skip(if: $v0)", " @include(if: false)", " @skip", " @nope", " @skip(if: 1)" * 7))

    def _chance(self, probability: float) -> bool:
        return self._random.random() < probability
