"""What a destroy would remove."""

import strawberry

from models import destroy_plan as plans


@strawberry.type(description="One thing that a destroy would remove.")
class Removal:
    kind: str = strawberry.field(description="A Kubernetes kind, or DnsRecord, CloudSecret, Workflow, Release.")
    name: str = strawberry.field(description="Its name, by which it is found where it lives.")
    service: str | None = strawberry.field(description="The service that it belongs to; null: the whole environment.")


@strawberry.type(description="One thing that a destroy would leave where it is.")
class Keep:
    kind: str = strawberry.field(description="A Kubernetes kind.")
    name: str = strawberry.field(description="Its name.")
    reason: str = strawberry.field(description="Why it stays.")


@strawberry.type(description="What destroyEnvironment would do now. Show it to the person who is to confirm.")
class DestroyPlan:
    removals: list[Removal] = strawberry.field(description="What would be removed, by service, kind and name.")
    keeps: list[Keep] = strawberry.field(description="What is there too and would stay.")
    digest: str = strawberry.field(
        description="Another set of removals has another digest. Send it as `planDigest`, and nothing else is removed."
    )

    @classmethod
    def of(cls, plan: plans.DestroyPlan) -> "DestroyPlan":
        return cls(
            removals=[Removal(kind=one.kind, name=one.name, service=one.service) for one in plan.removals],
            keeps=[Keep(kind=one.kind, name=one.name, reason=one.reason) for one in plan.keeps],
            digest=plan.digest,
        )
