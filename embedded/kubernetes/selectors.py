"""Which objects a request or a controller means: label and field selectors."""

import re
from collections.abc import Callable, Mapping
from typing import cast

from embedded.kubernetes.errors import bad_request
from embedded.kubernetes.objects import Object, labels_of, parts, value_at

Match = Callable[[Object], bool]

_SET = re.compile(r"(?P<key>[^\s!=,()]+)\s+(?P<operator>in|notin)\s*\((?P<values>[^()]*)\)")
_EQUAL = re.compile(r"(?P<key>[^\s!=,()]+)\s*(?P<operator>==|=|!=)\s*(?P<value>[^\s!=,()]*)")
_EXISTS = re.compile(r"(?P<absent>!?)\s*(?P<key>[^\s!=,()]+)")
_NOT_IN_PARENTHESES = re.compile(r",(?![^(]*\))")
_FIELD = re.compile(r"(?P<path>[^!=]+)(?P<operator>==|=|!=)(?P<value>.*)")


def by_labels(selector: str) -> Match:
    """Of a request's labelSelector. Raises ApiError (400) if it can't be read."""
    terms = [_label_term(term.strip()) for term in _NOT_IN_PARENTHESES.split(selector) if term.strip()]
    return lambda thing: all(term(labels_of(thing)) for term in terms)


def by_fields(selector: str) -> Match:
    """Of a request's fieldSelector. Raises ApiError (400) if it can't be read."""
    terms = [_field_term(term) for term in selector.split(",") if term]
    return lambda thing: all(term(thing) for term in terms)


def selects(selector: Object, labels: Mapping[str, str]) -> bool:
    """Whether an object's LabelSelector (matchLabels, matchExpressions) selects these labels."""
    wanted = cast("dict[str, str]", selector.get("matchLabels") or {})
    if any(labels.get(key) != value for key, value in wanted.items()):
        return False
    return all(_expression(one, labels) for one in parts(selector, "matchExpressions"))


def _expression(expression: Object, labels: Mapping[str, str]) -> bool:
    key, operator = expression["key"], expression["operator"]
    values = cast("list[str]", expression.get("values") or [])
    if operator in ("Exists", "DoesNotExist"):
        return (key in labels) == (operator == "Exists")
    return (labels.get(key) in values) == (operator == "In")


def _label_term(term: str) -> Callable[[Mapping[str, str]], bool]:
    if found := _SET.fullmatch(term):
        key, wanted = found["key"], found["operator"] == "in"
        values = {value.strip() for value in found["values"].split(",")}
        return lambda labels: (labels.get(key) in values) == wanted
    if found := _EQUAL.fullmatch(term):
        key, value, wanted = found["key"], found["value"], found["operator"] != "!="
        return lambda labels: (labels.get(key) == value) == wanted
    if found := _EXISTS.fullmatch(term):
        key, wanted = found["key"], not found["absent"]
        return lambda labels: (key in labels) == wanted
    raise bad_request(f"unable to parse requirement: found '{term}', expected: !, identifier, or 'end of string'")


def _field_term(term: str) -> Match:
    found = _FIELD.fullmatch(term)
    if found is None:
        raise bad_request(f"invalid selector: '{term}'; can't understand '{term}'")
    path, value, wanted = found["path"].split("."), found["value"], found["operator"] != "!="
    return lambda thing: (_text(value_at(thing, *path)) == value) == wanted


def _text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)
