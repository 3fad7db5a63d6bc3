"""How things may be called, in the words of Kubernetes (apimachinery's `validation`)."""

import re
import secrets

_LABEL = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_SUBDOMAIN = rf"{_LABEL}(\.{_LABEL})*"
_LABEL_1035 = r"[a-z]([-a-z0-9]*[a-z0-9])?"
_QUALIFIED = r"([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"
_VALUE = rf"({_QUALIFIED})?"
_KEY = r"[-._a-zA-Z0-9]+"

#: Without vowels and what looks alike, as Kubernetes generates names.
_SUFFIX = "bcdfghjklmnpqrstvwxz2456789"


def generated(prefix: str) -> str:
    """The prefix with five random characters."""
    return prefix[:58] + "".join(secrets.choice(_SUFFIX) for _ in range(5))


def subdomain_problems(name: str) -> list[str]:
    text = (
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must "
        "start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is "
        f"'{_SUBDOMAIN}')"
    )
    return _problems(name, _SUBDOMAIN, 253, text)


def label_problems(name: str) -> list[str]:
    text = (
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and "
        f"end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '{_LABEL}')"
    )
    return _problems(name, _LABEL, 63, text)


def label_1035_problems(name: str) -> list[str]:
    text = (
        "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic "
        "character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation "
        f"is '{_LABEL_1035}')"
    )
    return _problems(name, _LABEL_1035, 63, text)


def path_problems(name: str) -> list[str]:
    """Names of roles and bindings may be anything that fits between two slashes."""
    if name in (".", ".."):
        return [f"may not be '{name}'"]
    return [f"may not contain '{sign}'" for sign in "/%" if sign in name]


def label_value_problems(value: str) -> list[str]:
    text = (
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start "
        "and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for "
        f"validation is '{_VALUE}')"
    )
    return _problems(value, _VALUE, 63, text)


def qualified_name_problems(key: str) -> list[str]:
    """Of the key of a label or annotation, and of a finalizer: `name` or `prefix/name`."""
    prefix, slash, name = key.rpartition("/")
    text = (
        "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an "
        "alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is "
        f"'{_QUALIFIED}')"
    )
    problems = [f"prefix part {one}" for one in subdomain_problems(prefix)] if slash else []
    if not name:
        return [*problems, "name part must be non-empty", text]
    return [*problems, *(one if one == text else f"name part {one}" for one in _problems(name, _QUALIFIED, 63, text))]


def data_key_problems(key: str) -> list[str]:
    """Of a key in a ConfigMap or Secret."""
    text = (
        "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME', "
        f" or 'key-name', regex used for validation is '{_KEY}')"
    )
    problems = _problems(key, _KEY, 253, text)
    if key == ".":
        problems.append("must not be '.'")
    elif key.startswith(".."):
        problems.append("must not be '..'" if key == ".." else "must not start with '..'")
    return problems


def _problems(text: str, pattern: str, most: int, complaint: str) -> list[str]:
    problems = [] if len(text) <= most else [f"must be no more than {most} bytes"]
    return problems if re.fullmatch(pattern, text) else [*problems, complaint]
