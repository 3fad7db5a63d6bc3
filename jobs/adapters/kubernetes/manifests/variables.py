"""Variables: plain ones in a ConfigMap, secret ones in a Secret, both read by the pods as their environment."""

import base64
import hashlib
import json

from jobs.adapters.kubernetes.json import JsonObject
from jobs.adapters.kubernetes.kinds import CONFIG_MAP, SECRET
from jobs.adapters.kubernetes.manifests.marking import marked
from jobs.ports import Desired, ServiceRef
from models.configuration import ServiceConfiguration


def config_maps(service: ServiceRef, desired: Desired) -> list[JsonObject]:
    plain = _plain(desired.configuration)
    return [marked(CONFIG_MAP, service, desired, {"data": plain})] if plain else []


def secrets(service: ServiceRef, desired: Desired) -> list[JsonObject]:
    """In `data`: keys dropped from `stringData` would stay, because no field manager owns what becomes of it."""
    if not desired.secrets:
        return []
    data = {name: base64.b64encode(value.encode()).decode() for name, value in sorted(desired.secrets.items())}
    return [marked(SECRET, service, desired, {"type": "Opaque", "data": data})]


def environment_sources(service: ServiceRef, desired: Desired) -> list[JsonObject]:
    """As `envFrom`: unlike in `env`, Kubernetes expands no `$(NAME)` in the values."""
    sources: list[JsonObject] = []
    if _plain(desired.configuration):
        sources.append({"configMapRef": {"name": service.name}})
    if desired.secrets:
        sources.append({"secretRef": {"name": service.name}})
    return sources


def variables_hash(configuration: ServiceConfiguration) -> str:
    """Changes with any variable. Of a secret it takes the sealed form: everybody who may see pods may see this."""
    said = sorted((one.name, one.secret, one.sealed if one.secret else one.value) for one in configuration.variables)
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]


def _plain(configuration: ServiceConfiguration) -> dict[str, str]:
    plain = {one.name: one.value for one in configuration.variables if not one.secret and one.value is not None}
    return dict(sorted(plain.items()))
