"""Containers of a pod: images, ports, variables, resources, mounts."""

from collections.abc import Iterator

from embedded.kubernetes import names, quantities
from embedded.kubernetes.causes import Cause, duplicate, missing, required, unsupported, wrong
from embedded.kubernetes.objects import Object, part, parts

_PULL_POLICIES = ("Always", "IfNotPresent", "Never")
_PROTOCOLS = ("SCTP", "TCP", "UDP")


def check_containers(containers: list[Object], field: str, volumes: set[str]) -> Iterator[Cause]:
    seen: set[str] = set()
    for place, container in enumerate(containers):
        where = f"{field}[{place}]"
        name = container.get("name", "")
        if not name:
            yield required(f"{where}.name")
        elif name in seen:
            yield duplicate(f"{where}.name", name)
        else:
            for problem in names.label_problems(name):
                yield wrong(f"{where}.name", name, problem)
        seen.add(name)
        yield from _check_container(container, where, volumes)


def _check_container(container: Object, where: str, volumes: set[str]) -> Iterator[Cause]:
    image = container.get("image", "")
    if not image:
        yield required(f"{where}.image")
    elif image != image.strip():
        yield wrong(f"{where}.image", image, "must not have leading or trailing whitespace")
    policy = container.get("imagePullPolicy", "IfNotPresent")
    if policy not in _PULL_POLICIES:
        yield unsupported(f"{where}.imagePullPolicy", policy, _PULL_POLICIES)
    yield from _check_ports(parts(container, "ports"), f"{where}.ports")
    yield from _check_variables(parts(container, "env"), f"{where}.env")
    yield from _check_mounts(parts(container, "volumeMounts"), f"{where}.volumeMounts", volumes)
    yield from _check_resources(part(container, "resources"), f"{where}.resources")


def check_port(port: object, field: str) -> Iterator[Cause]:
    if not isinstance(port, int) or not 0 < port < 65536:
        yield wrong(field, port, "must be between 1 and 65535, inclusive")


def _check_ports(ports: list[Object], field: str) -> Iterator[Cause]:
    seen: set[str] = set()
    for place, port in enumerate(ports):
        where = f"{field}[{place}]"
        if port.get("containerPort") is None:
            yield required(f"{where}.containerPort")
        else:
            yield from check_port(port["containerPort"], f"{where}.containerPort")
        if port.get("protocol", "TCP") not in _PROTOCOLS:
            yield unsupported(f"{where}.protocol", port["protocol"], _PROTOCOLS)
        name = port.get("name")
        if name and name in seen:
            yield duplicate(f"{where}.name", name)
        elif name and len(name) > 15:
            yield wrong(f"{where}.name", name, "must be no more than 15 characters")
        seen.add(name or "")


def _check_variables(variables: list[Object], field: str) -> Iterator[Cause]:
    for place, variable in enumerate(variables):
        where = f"{field}[{place}]"
        name = variable.get("name", "")
        if not name:
            yield required(f"{where}.name")
        elif "=" in name or not name.isprintable():
            text = "a valid environment variable name must consist only of printable ASCII characters other than '='"
            yield wrong(f"{where}.name", name, text)
        if variable.get("value") and variable.get("valueFrom"):
            yield wrong(f"{where}.valueFrom", "", "may not be specified when `value` is not empty")


def _check_mounts(mounts: list[Object], field: str, volumes: set[str]) -> Iterator[Cause]:
    seen: set[str] = set()
    for place, mount in enumerate(mounts):
        path = mount.get("mountPath", "")
        if mount.get("name") not in volumes:
            yield missing(f"{field}[{place}].name", mount.get("name", ""))
        if not path:
            yield required(f"{field}[{place}].mountPath")
        elif path in seen:
            yield wrong(f"{field}[{place}].mountPath", path, "must be unique")
        seen.add(path)


def _check_resources(resources: Object, field: str) -> Iterator[Cause]:
    limits, requests = part(resources, "limits"), part(resources, "requests")
    for name, amounts in (("limits", limits), ("requests", requests)):
        for key, amount in amounts.items():
            if quantities.parsed(amount) < 0:
                yield wrong(f"{field}.{name}[{key}]", amount, "must be greater than or equal to 0")
    for key, amount in requests.items():
        limit = limits.get(key)
        if limit is not None and quantities.parsed(amount) > quantities.parsed(limit):
            yield wrong(f"{field}.requests", amount, f"must be less than or equal to {key} limit of {limit}")
