"""Environment variables, within what Kubernetes, Linux and Secrets Manager take."""

import re
from collections.abc import Sequence

from models.configuration.change import VariableChange
from models.configuration.engines import facts_of
from models.configuration.parsing import MAX_VARIABLES
from models.configuration.rules.commands import MAX_TEXT
from models.configuration.rules.finding import Finding, Findings, Subject
from models.configuration.shape import EngineSource, Variable
from models.names import quote
from models.vocabulary import ServiceKind

_VARIABLES = ("variables",)
#: Kubernetes' IsEnvVarName. They are keys of a ConfigMap or Secret too, which have at most 253 characters.
_NAME = re.compile(r"[-._a-zA-Z][-._a-zA-Z0-9]*", re.ASCII)
_MAX_NAME = 253
#: All data of a ConfigMap together; a Secret has the same limit.
_MAX_PLAIN = 1024 * 1024
#: A secret of Secrets Manager, which holds a JSON object of them all.
MAX_SECRET = 64 * 1024


def check_variables(subject: Subject) -> Findings:
    variables = subject.configuration.variables
    for index, variable in enumerate(variables):
        path = (*_VARIABLES, str(index))
        if problem := _name_problem(variable.name):
            yield Finding((*path, "name"), problem)
        yield from _check_value(path, variable.name, variable.value)
    if len(variables) > MAX_VARIABLES:
        yield Finding(_VARIABLES, f"{len(variables)} variables; a service has at most {MAX_VARIABLES}.")
    yield from _check_total(variables)
    if subject.kind is ServiceKind.DATASOURCE and subject.previous is not None:
        yield from _check_read_once(subject, subject.previous.variables)


def check_said_variables(said: Sequence[VariableChange]) -> Findings:
    """What only the input shows: names that come twice, and secret values before they are sealed."""
    first: dict[str, int] = {}
    for index, variable in enumerate(said):
        path = (*_VARIABLES, str(index))
        if variable.name in first:
            yield Finding(
                (*path, "name"), f"{quote(variable.name)} is set by item {first[variable.name]} already. Keep one."
            )
        first.setdefault(variable.name, index)
        if variable.secret:
            yield from _check_value(path, variable.name, variable.value)


def _check_value(path: tuple[str, ...], name: str, value: str | None) -> Findings:
    size = len(value.encode()) if value is not None else 0
    if len(name) + 1 + size > MAX_TEXT:
        yield Finding(
            (*path, "value"),
            f"The value of {quote(name)} has {size} bytes; Linux takes at most {MAX_TEXT} with the name.",
        )


def _name_problem(name: str) -> str | None:
    if not name:
        return "A variable needs a name."
    if len(name) > _MAX_NAME:
        return f"The name {quote(name)} has {len(name)} characters; at most {_MAX_NAME} are allowed."
    if not _NAME.fullmatch(name) or name == "." or name.startswith(".."):
        return (
            f"{quote(name)} is not a variable's name: use letters, digits, '_', '-' and '.', with no digit first and "
            "no '..' at the beginning."
        )
    return None


def _check_total(variables: Sequence[Variable]) -> Findings:
    plain = sum(len(v.name) + len(v.value.encode()) for v in variables if v.value is not None)
    if plain > _MAX_PLAIN:
        yield Finding(
            _VARIABLES, f"All plain variables have {plain} bytes together; a ConfigMap takes at most {_MAX_PLAIN}."
        )


def _check_read_once(subject: Subject, before: Sequence[Variable]) -> Findings:
    source = subject.configuration.source
    if not isinstance(source, EngineSource):
        return
    read_once = facts_of(source.engine).read_once
    earlier = {variable.name: variable for variable in before if variable.name in read_once}
    for index, variable in enumerate(subject.configuration.variables):
        if variable.name not in read_once:
            continue
        old = earlier.pop(variable.name, None)
        if old is None or (old.value, old.sealed) != (variable.value, variable.sealed):
            yield Finding((*_VARIABLES, str(index)), _READ_ONCE.format(name=variable.name, engine=source.engine))
    for name in earlier:
        yield Finding(_VARIABLES, _KEPT.format(name=name, engine=source.engine))


_READ_ONCE = (
    "The {engine} image reads {name} only when it first starts with an empty volume: a new value would tell clients "
    "what the server does not know. Change it in the server instead."
)
_KEPT = (
    "The {engine} image read {name} when it first started, and the server goes on as it was told then: the variable "
    "can't be removed. Keep it as it is."
)
