"""What an update of a service would change."""

import strawberry

from models import service_preview as model
from schema.vocabulary import ObjectAction


@strawberry.type(description="One field of an object that would change. What a Secret holds is hidden.")
class ChangedField:
    path: str = strawberry.field(description="The way to it, for example spec.replicas.")
    before: str | None = strawberry.field(description="What it is; null where it is not there.")
    after: str | None = strawberry.field(description="What it would be; null where it would be gone.")


@strawberry.type(description="One object that would change.")
class ObjectChange:
    action: ObjectAction = strawberry.field(description="What would become of it.")
    kind: str = strawberry.field(description="Its kind.")
    name: str = strawberry.field(description="Its name.")
    fields: list[ChangedField] = strawberry.field(description="The fields that would change of one that is there.")

    @classmethod
    def of(cls, change: model.ChangedObject) -> "ObjectChange":
        fields = [ChangedField(path=one.path, before=one.before, after=one.after) for one in change.fields]
        return cls(action=change.action, kind=change.kind, name=change.name, fields=fields)


@strawberry.type(
    description="What updateService would change in the cluster, as the cluster itself says. Nothing was changed. An "
    "image that is to be built is shown by its name: its digest is known after the build."
)
class ServiceUpdatePreview:
    changes: list[ObjectChange] = strawberry.field(description="The objects that would change; none: all stays.")
    refusal: str | None = strawberry.field(
        description="Why the cluster would refuse the update, with the object that it refuses; null: it would not."
    )

    @classmethod
    def of(cls, preview: model.ServicePreview) -> "ServiceUpdatePreview":
        return cls(changes=[ObjectChange.of(one) for one in preview.changes], refusal=preview.refusal)
