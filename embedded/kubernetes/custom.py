"""The kinds that a CustomResourceDefinition defines."""

from embedded.kubernetes.objects import Object, part, parts, texts
from embedded.kubernetes.resources import Resource
from embedded.kubernetes.schema.built_in import OBJECT_META, Definitions
from embedded.kubernetes.schema.nodes import Schema

DEFINITIONS = "customresourcedefinitions.apiextensions.k8s.io"


def custom_resources(definition: Object, definitions: Definitions) -> list[Resource]:
    """One for each version that is served."""
    spec, names = part(definition, "spec"), part(definition, "spec", "names")
    return [
        Resource(
            spec["group"],
            version["name"],
            names["kind"],
            names["plural"],
            spec["scope"] == "Namespaced",
            tuple(texts(names, "shortNames")),
            tuple(sorted(part(version, "subresources"))),
            tuple(texts(names, "categories")),
            custom=True,
            schema=Schema(_root(part(version, "schema", "openAPIV3Schema")), definitions.all),
        )
        for version in parts(spec, "versions")
        if version.get("served")
    ]


def _root(schema: Object) -> Object:
    """The schema of the whole object. Without one, or without fields, it takes any."""
    own = {
        "apiVersion": {"type": "string"},
        "kind": {"type": "string"},
        "metadata": {"$ref": f"#/definitions/{OBJECT_META}"},
    }
    open_ = not part(schema, "properties")
    return {
        **schema,
        "type": "object",
        "properties": {**part(schema, "properties"), **own},
        **({"x-kubernetes-preserve-unknown-fields": True} if open_ else {}),
    }
