"""The parts that controllers and the API share."""

from dataclasses import dataclass

from embedded.kubernetes.deleting import DeleteOptions, delete, release
from embedded.kubernetes.events import Events
from embedded.kubernetes.objects import Object
from embedded.kubernetes.resources import Resources
from embedded.kubernetes.schema.built_in import Definitions
from embedded.kubernetes.store import Store
from embedded.kubernetes.timing import Timing
from embedded.kubernetes.writing import Write, Writer

#: As whom the controllers write.
CONTROLLERS = Write("kube-controller-manager")


@dataclass(frozen=True)
class Cluster:
    definitions: Definitions
    resources: Resources
    store: Store
    writer: Writer
    events: Events
    timing: Timing

    def create(self, kind: str, namespace: str, thing: Object) -> Object:
        """For controllers. Raises ApiError."""
        return self.writer.create(self.resources.named(kind), namespace, thing, CONTROLLERS)

    def change(self, kind: str, live: Object, thing: Object) -> Object:
        """For controllers. Raises ApiError."""
        return self.writer.update(self.resources.named(kind), live, thing, CONTROLLERS)

    def set_status(self, kind: str, live: Object, status: Object) -> Object:
        return self.writer.set_status(self.resources.named(kind), live, status)

    def delete(self, kind: str, live: Object, propagation: str = "Background") -> Object:
        """For controllers. Raises ApiError."""
        return delete(self.store, self.resources.named(kind), live, DeleteOptions(propagation))

    def release(self, kind: str, live: Object, finalizer: str) -> None:
        release(self.store, self.resources.named(kind), live, finalizer)


def new_cluster(store: Store, resources: Resources, definitions: Definitions, timing: Timing) -> Cluster:
    return Cluster(definitions, resources, store, Writer(store, resources), Events(store, resources), timing)
