"""The way of an object into the store: decoding, defaults, admission, rules, who owns which field."""

from dataclasses import dataclass, field

from embedded.kubernetes import names
from embedded.kubernetes.admission import allocation, lifecycle, quotas, webhooks
from embedded.kubernetes.admission.defaults import complete
from embedded.kubernetes.admission.rules import check
from embedded.kubernetes.apply.managers import (
    Manager,
    Managers,
    after_update,
    managers_of,
    sent_managers,
    set_managers,
)
from embedded.kubernetes.apply.server_side import applied
from embedded.kubernetes.errors import already_exists, bad_request, conflict
from embedded.kubernetes.metadata import carry_over, isolate_status, next_generation, start_metadata
from embedded.kubernetes.objects import Object, copied, finalizers_of, is_deleting, made, metadata, name_of
from embedded.kubernetes.resources import Resource, Resources
from embedded.kubernetes.schema.decode import decode, refuse_unknown
from embedded.kubernetes.store import Store


@dataclass(frozen=True)
class Write:
    """How something is written."""

    #: Who: the field manager.
    manager: str
    subresource: str = ""
    dry_run: bool = False
    #: Whether fields that the kind doesn't have are refused instead of dropped.
    strict: bool = False
    #: What the client is to be told.
    warnings: list[str] = field(default_factory=list[str])


class Writer:
    """Every write goes through here, those of controllers too. All methods raise ApiError."""

    def __init__(self, store: Store, resources: Resources) -> None:
        self._store = store
        self._resources = resources

    def create(self, resource: Resource, namespace: str, sent: Object, write: Write) -> Object:
        thing = self._decoded(resource, sent, write)
        start_metadata(thing, resource, namespace)
        self._name(resource, namespace, thing)
        if resource.namespaced:
            lifecycle.check_namespace(self._store, self._resources, resource, namespace, name_of(thing))
        isolate_status(thing, resource, None, "")
        complete(thing, resource)
        # what the cluster adds to it afterwards belongs to nobody
        writer = _manager(resource, write)
        managers = after_update({}, writer, {}, thing, resource.schema)
        allocation.allocate(self._store, resource, thing, None)
        return self._admit(resource, thing, None, managers, writer, write)

    def update(self, resource: Resource, live: Object, sent: Object, write: Write) -> Object:
        """What the store then has; the object as it was if nothing changes."""
        thing = self._decoded(resource, sent, write)
        carry_over(thing, resource, live)
        thing = isolate_status(thing, resource, live, write.subresource)
        self._complete(resource, thing, live)
        owners = sent_managers(thing) or managers_of(live)
        writer = _manager(resource, write)
        managers = after_update(owners, writer, live, thing, resource.schema)
        return self._admit(resource, thing, live, managers, writer, write)

    def apply(
        self, resource: Resource, namespace: str, name: str, sent: Object, write: Write, *, force: bool
    ) -> tuple[Object, bool]:
        """Server-side apply. Tells whether it created the object."""
        if (metadata(sent).get("name") or name) != name:
            raise bad_request("the name of the object does not match the name on the URL")
        if metadata(sent).get("managedFields"):
            raise bad_request("metadata.managedFields must be nil")
        configuration = self._decoded(resource, sent, write)
        made(configuration, "metadata")["name"] = name
        live = self._store.get(resource.name, namespace, name)
        if resource.has_status and write.subresource != "status":
            configuration.pop("status", None)
        manager = Manager(write.manager, "Apply", resource.api_version, write.subresource)
        if live is None:
            return self._apply_new(resource, namespace, configuration, manager, write), True
        thing, managers = applied(live, configuration, manager, resource.schema, force=force)
        thing = copied(thing)
        carry_over(thing, resource, live)
        thing = isolate_status(thing, resource, live, write.subresource)
        self._complete(resource, thing, live)
        return self._admit(resource, thing, live, managers, manager, write), False

    def set_status(self, resource: Resource, live: Object, status: Object) -> Object:
        """For controllers: writes the status if it differs, and returns the object."""
        if live.get("status") == status:
            return live
        return self._store.put(resource, {**live, "status": status})

    def _apply_new(self, resource: Resource, namespace: str, thing: Object, manager: Manager, write: Write) -> Object:
        if metadata(thing).get("uid") or metadata(thing).get("resourceVersion"):
            uid = metadata(thing).get("uid", "")
            why = f"uid mismatch: the provided object specified uid {uid}, and no existing object was found"
            raise conflict(resource, name_of(thing), why)
        _, managers = applied(None, thing, manager, resource.schema, force=False)
        start_metadata(thing, resource, namespace)
        if resource.namespaced:
            lifecycle.check_namespace(self._store, self._resources, resource, namespace, name_of(thing))
        self._complete(resource, thing, None)
        return self._admit(resource, thing, None, managers, manager, write)

    def _decoded(self, resource: Resource, sent: Object, write: Write) -> Object:
        decoded = decode(sent, resource)
        if decoded.unknown and write.strict:
            raise refuse_unknown(decoded.unknown)
        write.warnings.extend(f'unknown field "{path}"' for path in decoded.unknown)
        return {**copied(decoded.thing), "apiVersion": resource.api_version, "kind": resource.kind}

    def _name(self, resource: Resource, namespace: str, thing: Object) -> None:
        prefix = metadata(thing).get("generateName")
        if not name_of(thing) and prefix:
            thing["metadata"]["name"] = names.generated(prefix)
        if self._store.get(resource.name, namespace if resource.namespaced else "", name_of(thing)):
            raise already_exists(resource, name_of(thing))

    def _complete(self, resource: Resource, thing: Object, live: Object | None) -> None:
        complete(thing, resource)
        allocation.allocate(self._store, resource, thing, live)

    def _admit(
        self,
        resource: Resource,
        thing: Object,
        live: Object | None,
        managers: Managers,
        writer: Manager,
        write: Write,
    ) -> Object:
        webhooks.call(self._store, resource, thing, live, "UPDATE" if live else "CREATE", write.subresource)
        check(thing, resource, live)
        next_generation(thing, resource, live)
        set_managers(thing, managers, live, writer)
        if live is None:
            quotas.check(self._store, resource, thing)
        if live is not None and thing == live:
            return live
        if write.dry_run:
            return thing
        if live is not None and is_deleting(live) and _may_go(resource, thing):
            self._store.remove(resource, live)
            return thing
        return self._store.put(resource, thing)


def _manager(resource: Resource, write: Write) -> Manager:
    return Manager(write.manager, "Update", resource.api_version, write.subresource if resource.has_status else "")


def _may_go(resource: Resource, thing: Object) -> bool:
    """Whether nothing holds an object any more that is being deleted."""
    if resource.name == "namespaces":
        return not finalizers_of(thing) and not thing.get("spec", {}).get("finalizers")
    return not finalizers_of(thing) and not metadata(thing).get("deletionGracePeriodSeconds")
