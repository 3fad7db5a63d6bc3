"""What is asked of every side."""

from bench.seeds import ENVIRONMENTS, SERVICES, new_id

#: A document and its variables.
Asked = tuple[str, dict[str, object]]

_ENVIRONMENT = "id name namespace phase phaseReason protected createdAt"
_SERVICES = f"services(first: {SERVICES}) {{ nodes {{ id name kind status statusReason revision }} }}"
_ONE = "query One($id: ID!) { environment(id: $id)"
_ID: dict[str, object] = {"id": new_id("env", 7)}

QUERIES: dict[str, Asked] = {
    "small": (f"{_ONE} {{ {_ENVIRONMENT} }} }}", _ID),
    "typical": (f"{_ONE} {{ {_ENVIRONMENT} {_SERVICES} }} }}", _ID),
    "list": (
        f"query All {{ environments(first: {ENVIRONMENTS}) {{ nodes {{ {_ENVIRONMENT} {_SERVICES} }} }} }}",
        {},
    ),
}

_CONFIGURATION = """configuration {
  source { ... on ImageSource { image } } deployment { replicas strategy } variables { name value secret }
  resources { cpuRequest cpuLimit memoryRequest memoryLimit } networking { ports { name number } ingress { host path } }
  healthChecks { readiness { path port } }
}"""
_RELEASES = "releases(first: 3) { nodes { revision image createdAt } }"
#: What a page of a console shows.
CONSOLE: Asked = (
    f"{_ONE} {{ {_ENVIRONMENT} services(first: {SERVICES}) {{ nodes {{ id name kind status statusReason revision "
    f"{_CONFIGURATION} {_RELEASES} }} pageInfo {{ endCursor }} }} }} }}",
    _ID,
)
#: What came to pass with an environment.
HISTORY: Asked = (
    f"{_ONE} {{ phaseHistory(first: 50) {{ nodes {{ sequence cursor previous phase reason at }} }} }} }}",
    _ID,
)

FOLLOWED = new_id("env", 0)
FOLLOW = (
    "subscription Follow($id: ID!) { environmentPhaseChanged(environmentId: $id) "
    "{ sequence cursor previous phase reason at } }"
)
