"""The kinds that the server knows at this moment, and how its paths name them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from embedded.kubernetes.schema.nodes import UNTYPED, Schema

ALL_VERBS = ("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch")


@dataclass(frozen=True)
class Resource:
    """A kind in one version, as the API serves it."""

    group: str
    version: str
    kind: str
    plural: str
    namespaced: bool
    short_names: tuple[str, ...] = ()
    subresources: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    verbs: tuple[str, ...] = ALL_VERBS
    #: Whether a CustomResourceDefinition defines it.
    custom: bool = False
    schema: Schema = field(default=UNTYPED, compare=False, repr=False)

    @property
    def name(self) -> str:
        """As messages and the store name it, for all versions: `deployments.apps`, `pods`."""
        return f"{self.plural}.{self.group}" if self.group else self.plural

    @property
    def kind_name(self) -> str:
        """As messages about invalid objects name it: `Deployment.apps`, `Pod`."""
        return f"{self.kind}.{self.group}" if self.group else self.kind

    @property
    def api_version(self) -> str:
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def singular(self) -> str:
        return self.kind.lower()

    @property
    def has_status(self) -> bool:
        """Whether the status is written through a subresource only."""
        return "status" in self.subresources


class Resources:
    """All kinds, built in and custom. A name stands for the first version served."""

    def __init__(self, built_in: Iterable[Resource]) -> None:
        self._served: dict[tuple[str, str, str], Resource] = {}
        self._named: dict[str, Resource] = {}
        for resource in built_in:
            self.add(resource)

    def __iter__(self) -> Iterator[Resource]:
        return iter(self._served.values())

    def add(self, resource: Resource) -> None:
        self._served[resource.group, resource.version, resource.plural] = resource
        self._named.setdefault(resource.name, resource)

    def remove(self, name: str) -> None:
        self._named.pop(name, None)
        self._served = {key: resource for key, resource in self._served.items() if resource.name != name}

    def served(self, group: str, version: str, plural: str) -> Resource | None:
        return self._served.get((group, version, plural))

    def named(self, name: str) -> Resource:
        return self._named[name]

    def of_kind(self, api_version: str, kind: str) -> Resource | None:
        """The kind of an owner reference or a scale target, whatever the version."""
        group = api_version.rpartition("/")[0]
        return next((one for one in self._named.values() if (one.group, one.kind) == (group, kind)), None)

    def stored(self) -> list[Resource]:
        """Each kind once, whatever the number of its versions."""
        return [resource for resource in self._named.values() if "list" in resource.verbs]
