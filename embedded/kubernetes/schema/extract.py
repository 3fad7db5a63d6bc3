"""Makes `definitions.json` of the schemas that the package kubernetes-validate brings, for the kinds that are served.

    uv run --with kubernetes-validate==1.37.0 python -m embedded.kubernetes.schema.extract

They are the definitions of the OpenAPI document that Kubernetes publishes (Apache License 2.0). Of each description
the first sentence is kept. That package allows null everywhere and calls definitions `$defs`: both are undone here.
"""

import importlib.util
import json
from pathlib import Path
from typing import Any, cast

from embedded.kubernetes.kinds import BUILT_IN, REVIEWS, definition_of
from embedded.kubernetes.objects import Object
from embedded.kubernetes.schema.built_in import DELETE_OPTIONS, FILE, OBJECT_META

VERSION = "v1.37.0-local"
_PREFIX = "#/$defs/"
_QUANTITY = "io.k8s.apimachinery.pkg.api.resource.Quantity"
_INT_OR_STRING = "io.k8s.apimachinery.pkg.util.intstr.IntOrString"
_EXTRA = (
    OBJECT_META,
    DELETE_OPTIONS,
    "io.k8s.api.authentication.v1.TokenRequest",
    "io.k8s.api.autoscaling.v1.Scale",
    "io.k8s.api.policy.v1.Eviction",
)


def main() -> None:
    package = importlib.util.find_spec("kubernetes_validate")
    if package is None or package.origin is None:
        raise SystemExit("kubernetes-validate is not installed")
    folder = Path(package.origin).parent / "kubernetes-json-schema" / VERSION
    published = cast("dict[str, Object]", json.loads((folder / "_definitions.json").read_text())["$defs"])
    wanted = [definition_of(kind) for kind in (*BUILT_IN, *REVIEWS)]
    found: dict[str, Object] = {}
    _collect([*wanted, *_EXTRA], published, found)
    lines = [f"{json.dumps(name)}: {json.dumps(found[name], sort_keys=True)}" for name in sorted(found)]
    FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n")


def _collect(names: list[str], published: dict[str, Object], found: dict[str, Object]) -> None:
    while names:
        name = names.pop()
        if name in found:
            continue
        found[name] = _plain(published[name], names)
        if name == _QUANTITY:
            found[name] = {"type": "string", "format": "quantity"}
        elif name == _INT_OR_STRING:
            found[name] = {"type": "string", "format": "int-or-string"}


def _plain(node: Any, names: list[str]) -> Any:
    """The node as Kubernetes published it. The definitions it refers to are added to `names`."""
    if isinstance(node, list):
        return [_plain(one, names) for one in cast("list[Any]", node)]
    if not isinstance(node, dict):
        return node
    plain: Object = {}
    for key, value in cast("Object", node).items():
        if key == "$ref" and isinstance(value, str):
            names.append(value.removeprefix(_PREFIX))
            plain[key] = "#/definitions/" + value.removeprefix(_PREFIX)
        elif key == "type" and isinstance(value, list):
            plain[key] = next(one for one in cast("list[str]", value) if one != "null")
        elif key == "description" and isinstance(value, str):
            plain[key] = value.partition(". ")[0].partition("\n")[0]
        else:
            plain[key] = _plain(value, names)
    return plain


if __name__ == "__main__":
    main()
