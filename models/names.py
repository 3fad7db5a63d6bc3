"""Rules for names. Each `check_` function returns what is wrong, for a person, or None.

The sources are Kubernetes' `apimachinery/pkg/util/validation` (RFC 1035 and 1123 labels) and RFC 1123 for hosts.
"""

import re

MAX_NAME = 40
MAX_LABEL = 63
#: A record `www.a.b` has an ownership record `cname-www.a.b` beside it, one of a domain `a.b` itself `cname-_apex.a.b`:
#: they must be valid names too.
MAX_HOST_LABEL = MAX_LABEL - len("cname-")
MAX_HOST = 253 - len("cname-_apex.")

_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?", re.ASCII)
_RESERVED_NAMESPACES = frozenset({"default"})
_RESERVED_PREFIX = "kube-"


def quote(value: str, limit: int = 60) -> str:
    """`value` as a message shows it: in quotes, escaped, not too long."""
    return repr(value) if len(value) <= limit else repr(value[:limit]) + "…"


def check_label(name: str, limit: int = MAX_LABEL) -> str | None:
    """A DNS label (RFC 1123)."""
    if not name:
        return "A name is needed here, and it is empty."
    if len(name) > limit:
        return f"{quote(name)} has {len(name)} characters; at most {limit} are allowed."
    if not _LABEL.fullmatch(name):
        return (
            f"{quote(name)} is not a DNS label: use lower-case letters a-z, digits and '-', "
            "with a letter or digit at both ends."
        )
    return None


def check_project_name(name: str) -> str | None:
    return check_label(name, MAX_NAME)


def check_environment_name(name: str) -> str | None:
    """Its namespace is called like the environment unless told otherwise, so reserved ones are refused here too."""
    return check_label(name, MAX_NAME) or _check_not_reserved(name)


def check_service_name(name: str) -> str | None:
    """Kubernetes Services, which are called like it, want RFC 1035 labels: they begin with a letter."""
    problem = check_label(name, MAX_NAME)
    if problem is None and not name[0].isalpha():
        return f"{quote(name)} begins with a digit; a service's name begins with a letter a-z."
    return problem


def check_namespace(name: str) -> str | None:
    return check_label(name) or _check_not_reserved(name)


def check_domain(domain: str) -> str | None:
    """A domain below which hostnames are made: any case, with or without the final dot."""
    name = domain.removesuffix(".").lower()
    if "." not in name:
        return f"{quote(domain)} is not a domain: it needs at least two labels, for example staging.example.com."
    return check_host(name)


def check_host(host: str) -> str | None:
    """A full hostname, or a label to be completed by a domain, in the spelling that Kubernetes takes for an Ingress."""
    if len(host) > MAX_HOST:
        return (
            f"{quote(host)} has {len(host)} characters; at most {MAX_HOST} are allowed, which leaves room for "
            "its ownership record."
        )
    for index, label in enumerate(host.split(".")):
        if problem := _check_host_label(label, host, MAX_LABEL if index else MAX_HOST_LABEL):
            return problem
    if "." in host and host.rsplit(".", 1)[-1].isdecimal():
        return f"{quote(host)} ends with a number, as an IP address does; a hostname does not."
    return None


def hostname(host: str, domain: str) -> str:
    """The full name of an ingress rule's `host`: a label is completed by the domain, a full name stays."""
    return host if "." in host else f"{host}.{domain}"


def is_within(name: str, domain: str) -> bool:
    """Whether the full hostname is the domain itself or below it."""
    return name == domain or name.endswith(f".{domain}")


def _check_host_label(label: str, host: str, limit: int) -> str | None:
    if label == "*":
        return f"{quote(host)} has a wildcard; name each host."
    if not label:
        return f"{quote(host)} has an empty label: a dot too many, at an end or doubled."
    problem = check_label(label, limit)
    return f"In the host {quote(host)}: {problem}" if problem and label != host else problem


def _check_not_reserved(name: str) -> str | None:
    if name in _RESERVED_NAMESPACES or name.startswith(_RESERVED_PREFIX):
        return f"{quote(name)} is a namespace of Kubernetes itself; choose another name."
    return None
