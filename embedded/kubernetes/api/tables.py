"""Tables, as kubectl prints them."""

from embedded.kubernetes.api.columns import cells, columns_of
from embedded.kubernetes.objects import Object
from embedded.kubernetes.resources import Resource


def table(things: list[Object], resource: Resource, own: Object, include: str) -> Object:
    """`include` is Metadata, Object or None: how much of each object goes with its row."""
    columns = columns_of(resource)
    return {
        "kind": "Table",
        "apiVersion": "meta.k8s.io/v1",
        "metadata": own,
        "columnDefinitions": [
            {
                "name": column.name,
                "type": column.type,
                "format": column.format,
                "description": "",
                "priority": column.priority,
            }
            for column in columns
        ],
        "rows": [_row(thing, resource, include) for thing in things],
    }


def _row(thing: Object, resource: Resource, include: str) -> Object:
    row: Object = {"cells": cells(thing, resource)}
    if include == "Object":
        row["object"] = thing
    elif include == "Metadata":
        row["object"] = {"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": thing["metadata"]}
    return row
