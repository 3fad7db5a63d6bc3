"""Services."""

from collections.abc import Iterator

from embedded.kubernetes import names
from embedded.kubernetes.admission.rules.containers import check_port
from embedded.kubernetes.causes import Cause, duplicate, immutable, required, unsupported, wrong
from embedded.kubernetes.objects import Object, part, parts

_TYPES = ("ClusterIP", "ExternalName", "LoadBalancer", "NodePort")


def check_service(service: Object, before: Object | None) -> Iterator[Cause]:
    spec = part(service, "spec")
    kind = spec.get("type")
    if kind not in _TYPES:
        yield unsupported("spec.type", kind, _TYPES)
    if kind == "ExternalName":
        if not spec.get("externalName"):
            yield required("spec.externalName")
    elif not parts(spec, "ports") and spec.get("clusterIP") != "None":
        yield required("spec.ports")
    if kind == "LoadBalancer" and spec.get("clusterIP") == "None":
        yield wrong("spec.clusterIPs[0]", "None", "may not be set to 'None' for LoadBalancer services")
    yield from _check_ports(parts(spec, "ports"))
    old = part(before or {}, "spec")
    kept = old.get("clusterIP") in (None, "", spec.get("clusterIP"))
    if not kept and "ExternalName" not in (kind, old.get("type")):
        yield immutable("spec.clusterIPs[0]", [spec.get("clusterIP")])


def _check_ports(ports: list[Object]) -> Iterator[Cause]:
    seen_names: set[str] = set()
    seen_numbers: set[tuple[object, object]] = set()
    for place, port in enumerate(ports):
        where = f"spec.ports[{place}]"
        name = port.get("name", "")
        if not name and len(ports) > 1:
            yield required(f"{where}.name")
        elif name and name in seen_names:
            yield duplicate(f"{where}.name", name)
        elif name:
            for problem in names.label_problems(name):
                yield wrong(f"{where}.name", name, problem)
        seen_names.add(name)
        yield from check_port(port.get("port"), f"{where}.port")
        number = (port.get("port"), port.get("protocol"))
        if number in seen_numbers:
            yield duplicate(where, {"port": number[0], "protocol": number[1]})
        seen_numbers.add(number)
        if isinstance(port.get("targetPort"), int):
            yield from check_port(port["targetPort"], f"{where}.targetPort")
