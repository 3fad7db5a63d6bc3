"""Ports and public entries."""

import re
from collections.abc import Mapping

from models.configuration.rules.finding import Finding, Findings, Place, Subject, known_ports, outside, repeated
from models.configuration.shape import IngressRule, Port
from models.names import check_host, hostname, is_within, quote
from models.vocabulary import ServiceKind

_PORTS = ("networking", "ports")
_INGRESS = ("networking", "ingress")
_MAX_PORTS = 100
_MAX_RULES = 100
#: IANA_SVC_NAME (RFC 6335).
_PORT_NAME = re.compile(r"(?=.*[a-z])(?!.*--)[a-z0-9]([a-z0-9-]{0,13}[a-z0-9])?", re.ASCII)
_PATH = re.compile(r"/[A-Za-z0-9._~/-]*", re.ASCII)
_MAX_PATH = 1024
_NO_INGRESS = {
    ServiceKind.CRON_JOB: "A CRON_JOB runs for a while only; nothing can be reached there.",
    ServiceKind.DATASOURCE: "An ingress carries HTTP, which a datasource's engine does not speak.",
}


def check_networking(subject: Subject) -> Findings:
    networking = subject.configuration.networking
    yield from _check_ports(networking.ports, subject.kind)
    if networking.ingress and subject.kind in _NO_INGRESS:
        yield Finding(_INGRESS, f"{_NO_INGRESS[subject.kind]} Remove the ingress rules.")
        return
    deployed = subject.previous.networking.ingress if subject.previous is not None else ()
    yield from _check_ingress(networking.ingress, networking.ports, subject.place, deployed)


def _check_ports(ports: tuple[Port, ...], kind: ServiceKind) -> Findings:
    if ports and kind is ServiceKind.CRON_JOB:
        yield Finding(_PORTS, "A CRON_JOB has no Service that would reach its ports. Remove them.")
        return
    if len(ports) > _MAX_PORTS:
        yield Finding(_PORTS, f"{len(ports)} ports; a service has at most {_MAX_PORTS}.")
        return
    for index, port in enumerate(ports):
        path = (*_PORTS, str(index))
        yield from outside((*path, "number"), port.number, 1, 0xFFFF)
        if not _PORT_NAME.fullmatch(port.name):
            yield Finding(
                (*path, "name"),
                f"{quote(port.name)} is not a port's name: 1 to 15 lower-case letters, digits and single '-' "
                "between them, at least one of them a letter.",
            )
    yield from repeated(_PORTS, "The port name", [port.name for port in ports], "name")
    yield from repeated(_PORTS, "The port number", [str(port.number) for port in ports], "number")


def _check_ingress(
    rules: tuple[IngressRule, ...], ports: tuple[Port, ...], place: Place | None, deployed: tuple[IngressRule, ...]
) -> Findings:
    if rules and place is not None and place.domain is None:
        yield Finding(
            _INGRESS,
            "The environment has no domain, so nothing in it gets a hostname. Remove the ingress rules, or use an "
            "environment that was created with a domain.",
        )
        return
    if len(rules) > _MAX_RULES:
        yield Finding(_INGRESS, f"{len(rules)} ingress rules; a service has at most {_MAX_RULES}.")
        return
    names = [port.name for port in ports]
    for index, rule in enumerate(rules):
        path = (*_INGRESS, str(index))
        yield from _check_rule(path, rule, names)
        yield from _check_host(path, rule.host, place)
    yield from _check_together(rules, place, deployed)


def _check_rule(path: tuple[str, ...], rule: IngressRule, ports: list[str]) -> Findings:
    if rule.port not in ports:
        known = known_ports(ports) if ports else "There are none: add it to networking.ports."
        yield Finding((*path, "port"), f"{quote(rule.port)} is not the name of one of the ports. {known}", (_PORTS,))
    if problem := _path_problem(rule.path):
        yield Finding((*path, "path"), problem)


def _path_problem(path: str) -> str | None:
    """Kubernetes: absolute, without `//`, `/./`, `/../`. The characters are those that ingress controllers take."""
    if not path.startswith("/"):
        return f"The path {quote(path)} must begin with '/'."
    if len(path) > _MAX_PATH:
        return f"The path has {len(path)} characters; at most {_MAX_PATH} are allowed."
    if "//" in path or any(part in {".", ".."} for part in path.split("/")):
        return f"The path {quote(path)} has '//', '.' or '..' in it. Write it without."
    if not _PATH.fullmatch(path):
        return f"The path {quote(path)} may have letters, digits and . _ ~ / - only."
    return None


def _check_host(path: tuple[str, ...], host: str, place: Place | None) -> Findings:
    domain = place.domain if place is not None else None
    full = hostname(host, domain) if domain is not None else host
    if problem := check_host(full):
        yield Finding((*path, "host"), problem)
    elif domain is not None and not is_within(full, domain):
        yield Finding(
            (*path, "host"),
            f"{quote(host)} is outside of the environment's domain {domain}. Give a label, or a full name that ends "
            f"with .{domain}.",
        )


def _check_together(rules: tuple[IngressRule, ...], place: Place | None, deployed: tuple[IngressRule, ...]) -> Findings:
    """No two rules want the same, here or in other services. A host has TLS as a whole or not at all."""
    domain = (place.domain if place is not None else None) or ""
    entries = _entries(rules, domain)
    new = set(entries).difference(_entries(deployed, domain))
    taken: Mapping[tuple[str, str], str] = _taken(place) if place is not None and new else {}
    first: dict[tuple[str, str], int] = {}
    first_of_host: dict[str, int] = {}
    for index, entry in enumerate(entries):
        path = (*_INGRESS, str(index))
        if entry in first:
            yield Finding((*path, "host"), f"{entry[0]}{entry[1]} is that of ingress rule {first[entry]} already.")
        if entry in new and entry in taken:
            yield Finding(
                (*path, "host"),
                f"{entry[0]}{entry[1]} belongs to {taken[entry]} already. Choose another host or path.",
            )
        earlier = first_of_host.setdefault(entry[0], index)
        if rules[earlier].tls != rules[index].tls:
            yield Finding(
                (*path, "tls"),
                f"{entry[0]} has tls {str(rules[earlier].tls).lower()} in ingress rule {earlier}; a host has the "
                "same for all its paths.",
            )
        first.setdefault(entry, index)


def _entries(rules: tuple[IngressRule, ...], domain: str) -> list[tuple[str, str]]:
    """Host and path of each."""
    return [(hostname(rule.host, domain), _plain(rule.path)) for rule in rules]


def _taken(place: Place) -> Mapping[tuple[str, str], str]:
    return {(host, _plain(path)): owner for (host, path), owner in place.taken().items()}


def _plain(path: str) -> str:
    """`/api/` and `/api` are the same prefix for Kubernetes."""
    return path.rstrip("/") or "/"
