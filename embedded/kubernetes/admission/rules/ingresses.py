"""Ingresses."""

from collections.abc import Iterator

from embedded.kubernetes import names
from embedded.kubernetes.causes import Cause, required, unsupported, wrong
from embedded.kubernetes.objects import Object, part, parts

_PATH_TYPES = ("Exact", "ImplementationSpecific", "Prefix")


def check_ingress(ingress: Object, before: Object | None) -> Iterator[Cause]:
    spec = part(ingress, "spec")
    if not parts(spec, "rules") and not spec.get("defaultBackend"):
        yield wrong("spec", spec, "either `defaultBackend` or `rules` must be specified")
    if spec.get("defaultBackend"):
        yield from _check_backend(part(spec, "defaultBackend"), "spec.defaultBackend")
    for place, rule in enumerate(parts(spec, "rules")):
        where = f"spec.rules[{place}]"
        host = rule.get("host", "")
        if host:
            for problem in names.subdomain_problems(host.removeprefix("*.")):
                yield wrong(f"{where}.host", host, problem)
        if rule.get("http") and not parts(rule, "http", "paths"):
            yield required(f"{where}.http.paths")
        for number, path in enumerate(parts(rule, "http", "paths")):
            yield from _check_path(path, f"{where}.http.paths[{number}]")


def _check_path(path: Object, where: str) -> Iterator[Cause]:
    kind, text = path.get("pathType"), path.get("path", "")
    if kind is None:
        yield required(f"{where}.pathType", "pathType must be specified")
    elif kind not in _PATH_TYPES:
        yield unsupported(f"{where}.pathType", kind, _PATH_TYPES)
    elif kind != "ImplementationSpecific" and not text.startswith("/"):
        yield wrong(f"{where}.path", text, "must be an absolute path")
    elif any(sign in text for sign in ("//", "/./", "/../", "%2f", "%2F")):
        yield wrong(f"{where}.path", text, "must not contain '//', '/./', '/../' or an encoded '/'")
    yield from _check_backend(part(path, "backend"), f"{where}.backend")


def _check_backend(backend: Object, where: str) -> Iterator[Cause]:
    service = part(backend, "service")
    if not service and not backend.get("resource"):
        yield required(where, "a service or a resource must be specified")
        return
    if backend.get("resource"):
        return
    if not service.get("name"):
        yield required(f"{where}.service.name")
    port = part(service, "port")
    if bool(port.get("name")) == bool(port.get("number")):
        yield required(f"{where}.service", "port name or number is required")
    elif port.get("number") and not 0 < port["number"] < 65536:
        yield wrong(f"{where}.service.port.number", port["number"], "must be between 1 and 65535, inclusive")
