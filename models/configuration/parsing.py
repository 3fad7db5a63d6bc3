"""The input of a caller as a ConfigurationChange: types, and what holds before any rule of the domain is asked."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from pydantic import ValidationError

from models.configuration.change import ConfigurationChange
from models.configuration.paths import Path, contract_name, contract_path, is_said
from models.refusals import InvalidInput, Issue

MAX_ISSUES = 100
MAX_VARIABLES = 1000
_MAX_ITEMS = 1000


def parse_change(said: Mapping[str, Any]) -> ConfigurationChange:
    """`said` has the contract's fields in snake case, absent ones left out. Raises InvalidInput."""
    too_long = list(_too_long_lists(said, ()))
    if too_long:
        raise InvalidInput(too_long[:MAX_ISSUES])
    unusable = list(unusable_texts(said, ()))
    if unusable:
        raise InvalidInput(unusable[:MAX_ISSUES])
    try:
        return ConfigurationChange.model_validate(said)
    except ValidationError as error:
        issues = [_issue(part["loc"], part["msg"], said) for part in error.errors(include_input=False)]
        raise InvalidInput(issues[:MAX_ISSUES]) from None


def _issue(location: Sequence[str | int], message: str, said: Mapping[str, Any]) -> Issue:
    path = contract_path(location)
    while path and not is_said(path[:-1], said):
        path = path[:-1]
    plain = message.removeprefix("Value error, ")
    return Issue(path, f"{plain[:1].upper()}{plain[1:]}.")


def _too_long_lists(value: object, path: Path) -> Iterator[Issue]:
    """One issue for a list, however long it is."""
    limit = MAX_VARIABLES if path == ("variables",) else _MAX_ITEMS
    items = list(_children(value))
    if len(items) > limit:
        yield Issue(path, f"{len(items)} items; at most {limit} are allowed. Send fewer.")
        return
    for part, inner in items:
        yield from _too_long_lists(inner, (*path, part))


def unusable_texts(value: object, path: Path) -> Iterator[Issue]:
    """Databases, arguments and environments of processes can't hold NUL, nor UTF-8 half of a surrogate pair."""
    if isinstance(value, str):
        if "\0" in value:
            yield Issue(path, "The text has a NUL character (\\u0000). Remove it.")
        elif not _is_unicode(value):
            yield Issue(path, "The text has half of a surrogate pair, which is no character. Remove it.")
        return
    for part, inner in _children(value):
        yield from unusable_texts(inner, (*path, part))


def _children(value: object) -> Iterator[tuple[str, object]]:
    if isinstance(value, Mapping):
        for field, inner in cast("Mapping[str, object]", value).items():
            yield contract_name(field), inner
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(cast("Sequence[object]", value)):
            yield str(index), inner


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
