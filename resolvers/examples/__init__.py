"""What GraphiQL offers to try: an operation for each thing that the API does, about what is there.

An example is a file `name.graphql` of this folder, and the variables that it is tried with.
"""

from collections.abc import Mapping
from pathlib import Path

from resolvers.transport import Example, Examples

_ENVIRONMENT = ("environments", "nodes", 0)
#: Where `lookup.graphql` finds what the names in variables stand for.
PLACES: dict[str, tuple[str | int, ...]] = {
    "id of a project": (*_ENVIRONMENT, "project", "id"),
    "id of an environment": (*_ENVIRONMENT, "id"),
    "name of the environment": (*_ENVIRONMENT, "name"),
    "id of a service": (*_ENVIRONMENT, "services", "nodes", 0, "id"),
    "id of another service": (*_ENVIRONMENT, "services", "nodes", -1, "id"),
    "id of a service that is not deployed": (*_ENVIRONMENT, "availableServices", "nodes", 0, "id"),
    "id of an operation": (*_ENVIRONMENT, "operations", "nodes", 0, "id"),
}

_NEW_SERVICE = {
    "name": "web",
    "kind": "APPLICATION",
    "configuration": {
        "source": {"image": {"image": "ghcr.io/acme/web:1.4.0"}},
        "networking": {
            "ports": [{"name": "http", "number": 8080}],
            "ingress": [{"host": "shop", "port": "http"}],
        },
    },
}

#: In the order of the tabs.
VARIABLES: dict[str, Mapping[str, object]] = {
    "look_around": {},
    "environment_phases": {"environmentId": "<id of an environment>"},
    "add_service": {
        "input": {
            "environmentId": "<id of an environment>",
            "projectServiceId": "<id of a service that is not deployed>",
        }
    },
    "update_service": {
        "input": {
            "serviceId": "<id of a service>",
            "configuration": {"variables": [{"name": "GREETING", "value": "hello"}]},
        }
    },
    "preview_service_update": {
        "serviceId": "<id of a service>",
        "configuration": {"deployment": {"replicas": 3}},
    },
    "rollback_service": {"input": {"serviceId": "<id of a service>", "revision": 1}},
    "delete_service": {"input": {"serviceId": "<id of another service>", "confirm": True}},
    "destroy_plan": {"id": "<id of an environment>"},
    "destroy_environment": {
        "input": {"environmentId": "<id of an environment>", "confirmName": "<name of the environment>"}
    },
    "operation_progress": {"operationId": "<id of an operation>"},
    "retry_operation": {"input": {"operationId": "<id of an operation>"}},
    "cancel_operation": {"input": {"operationId": "<id of an operation>"}},
    "project_phases": {"projectId": "<id of a project>"},
    "create_project": {"input": {"name": "shop", "services": [_NEW_SERVICE]}},
    "create_environment": {"input": {"projectId": "<id of a project>", "name": "acme-trial"}},
    "set_environment_protection": {"input": {"environmentId": "<id of an environment>", "protected": True}},
    "leftovers": {},
    "remove_leftovers": {"input": {"uids": ["2f4c1f0e-6a3d-4d7e-9b60-5d3c1f0e6a3d"]}},
}


def examples() -> Examples:
    """All of them, read from their files."""
    tabs = [Example(_document(name), variables) for name, variables in VARIABLES.items()]
    return Examples(tabs, _document("lookup"), PLACES)


def _document(name: str) -> str:
    return (Path(__file__).parent / f"{name}.graphql").read_text()
