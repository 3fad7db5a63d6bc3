"""What no environment owns."""

import strawberry

from models import leftovers as model


@strawberry.type(description="An object with our labels that belongs to no environment which is not DESTROYED.")
class Leftover:
    kind: str = strawberry.field(description="Its kind.")
    api_version: str = strawberry.field(description="The version of the API that its kind belongs to.")
    namespace: str | None = strawberry.field(description="The namespace that it is in; null where its kind has none.")
    name: str = strawberry.field(description="Its name.")
    uid: str = strawberry.field(description="The uid that the cluster gave it. Send it to removeLeftovers.")
    environment_id: strawberry.ID = strawberry.field(description="The environment that its label names.")

    @classmethod
    def of(cls, one: model.LeftoverObject) -> "Leftover":
        return cls(
            kind=one.kind,
            api_version=one.api_version,
            namespace=one.namespace,
            name=one.name,
            uid=one.uid,
            environment_id=strawberry.ID(one.environment_id),
        )


@strawberry.type(
    description="What is left over in a cluster. Objects of another installation of this API look alike: what shares "
    "the cluster with it is listed too."
)
class Leftovers:
    cluster: str = strawberry.field(description="The cluster that was looked at.")
    objects: list[Leftover] = strawberry.field(
        description="What is there. What one of them owns goes with it, and is not listed."
    )

    @classmethod
    def of(cls, cluster: str, found: model.Leftovers) -> "Leftovers":
        return cls(cluster=cluster, objects=[Leftover.of(one) for one in found.objects])


@strawberry.type(description="One of the named that was left where it is.")
class KeptLeftover:
    uid: str = strawberry.field(description="The uid that was named.")
    reason: str = strawberry.field(description="Why it was not removed.")


@strawberry.type(description="The named leftovers were looked for again, and removed where they still were left over.")
class LeftoversRemoved:
    removed: list[Leftover] = strawberry.field(
        description="What was deleted. One with a finalizer stays until that is gone, and is a leftover until then."
    )
    kept: list[KeptLeftover] = strawberry.field(description="What was named and not removed.")

    @classmethod
    def of(cls, outcome: model.RemovedLeftovers) -> "LeftoversRemoved":
        return cls(
            removed=[Leftover.of(one) for one in outcome.removed],
            kept=[KeptLeftover(uid=one.uid, reason=one.reason) for one in outcome.kept],
        )
