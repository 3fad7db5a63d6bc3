"""ResourceQuotas: how much of what a namespace may hold."""

from collections.abc import Iterable
from decimal import Decimal

from embedded.kubernetes import quantities
from embedded.kubernetes.errors import forbidden
from embedded.kubernetes.objects import Object, name_of, namespace_of, part, parts, value_at
from embedded.kubernetes.resources import Resource
from embedded.kubernetes.store import Store

#: In the whole cluster: a slip of the keyboard in `replicas` should not fill the memory.
MOST_PODS = 2000
_PLAIN_COUNTS = ("configmaps", "persistentvolumeclaims", "pods", "resourcequotas", "secrets", "services")
_COMPUTE = ("requests.cpu", "requests.memory", "limits.cpu", "limits.memory")


def check(store: Store, resource: Resource, thing: Object) -> None:
    """Raises ApiError (403) if a new object exceeds a quota of its namespace, or is a pod too many."""
    if resource.name == "pods" and store.count("pods") >= MOST_PODS:
        raise forbidden(resource, name_of(thing), f"this cluster runs at most {MOST_PODS} pods")
    for quota in store.all("resourcequotas", namespace_of(thing)) if resource.namespaced else ():
        hard = part(quota, "spec", "hard")
        cost = usage(resource, thing)
        _check_said(resource, thing, quota)
        concerned = sorted(key for key in hard if cost.get(_long(key)))
        used = used_in(store, quota)
        over = [key for key in concerned if used[key] + cost[_long(key)] > quantities.parsed(hard[key])]
        if over:
            told = {
                "requested": {key: cost[_long(key)] for key in over},
                "used": {key: used[key] for key in over},
                "limited": {key: quantities.parsed(hard[key]) for key in over},
            }
            text = ", ".join(f"{name}: {_listed(amounts)}" for name, amounts in told.items())
            raise forbidden(resource, name_of(thing), f"exceeded quota: {name_of(quota)}, {text}")


def used_in(store: Store, quota: Object) -> dict[str, Decimal]:
    """What the namespace holds of each thing that the quota limits."""
    hard = part(quota, "spec", "hard")
    total: dict[str, Decimal] = dict.fromkeys(hard, Decimal(0))
    for plural in _counted(hard):
        for thing in store.all(plural, namespace_of(quota)):
            cost = _usage(plural, thing)
            for key in hard:
                total[key] += cost.get(_long(key), Decimal(0))
    return total


def usage(resource: Resource, thing: Object) -> dict[str, Decimal]:
    return _usage(resource.name, thing)


def _usage(name: str, thing: Object) -> dict[str, Decimal]:
    if name == "pods" and value_at(thing, "status", "phase") in ("Succeeded", "Failed"):
        return {}
    cost = {f"count/{name}": Decimal(1)}
    if name in _PLAIN_COUNTS:
        cost[name] = Decimal(1)
    if name == "pods":
        for container in parts(thing, "spec", "containers"):
            for key in _COMPUTE:
                section, _, unit = key.partition(".")
                amount = part(container, "resources", section).get(unit)
                cost[key] = cost.get(key, Decimal(0)) + (quantities.parsed(amount) if amount else 0)
    if name == "persistentvolumeclaims":
        cost["requests.storage"] = quantities.parsed(part(thing, "spec", "resources", "requests").get("storage", 0))
    return cost


def _check_said(resource: Resource, thing: Object, quota: Object) -> None:
    """Where a quota limits CPU or memory, every container has to say how much it wants."""
    if resource.name != "pods":
        return
    lacking: list[str] = []
    for key in sorted({_long(key) for key in part(quota, "spec", "hard")} & set(_COMPUTE)):
        section, _, unit = key.partition(".")
        without = [
            container["name"]
            for container in parts(thing, "spec", "containers")
            if not part(container, "resources", section).get(unit)
        ]
        if without:
            lacking.append(f"{key} for: {','.join(without)}")
    if lacking:
        raise forbidden(resource, name_of(thing), f"failed quota: {name_of(quota)}: must specify {'; '.join(lacking)}")


def _counted(hard: Iterable[str]) -> set[str]:
    kinds: set[str] = set()
    for key in hard:
        if key.startswith("count/"):
            kinds.add(key.removeprefix("count/"))
        elif key == "requests.storage":
            kinds.add("persistentvolumeclaims")
        else:
            kinds.add(key if key in _PLAIN_COUNTS else "pods")
    return kinds


def _long(key: str) -> str:
    """`cpu` and `memory` mean what is requested."""
    return f"requests.{key}" if key in ("cpu", "memory") else key


def _listed(amounts: dict[str, Decimal]) -> str:
    return ",".join(f"{key}={quantities.written(amount)}" for key, amount in amounts.items())
