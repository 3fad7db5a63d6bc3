"""The audit log."""

from datetime import datetime

import strawberry

from models.audit.entry import AuditEntry as AuditEntryRow
from models.audit.entry import FieldChange as FieldChangeRow
from schema.connection import Connection
from schema.vocabulary import AuditOutcome


@strawberry.type(description="One field of one object, before and after. Secrets are masked.")
class FieldChange:
    object_id: strawberry.ID = strawberry.field(description="The object that the field belongs to.")
    field: str = strawberry.field(description="The way into the object, for example configuration.deployment.replicas.")
    before: str | None = strawberry.field(description="What it was; null where there was none.")
    after: str | None = strawberry.field(description="What it is; null where there is none any more.")

    @classmethod
    def of(cls, change: FieldChangeRow) -> "FieldChange":
        object_id = strawberry.ID(change.object_id)
        return cls(object_id=object_id, field=change.field, before=change.before, after=change.after)


@strawberry.type(description="One mutation: who did what to which object, when, from where. It never changes.")
class AuditEntry:
    id: strawberry.ID = strawberry.field(description="Its id. Later entries have greater ones.")
    at: datetime = strawberry.field(description="When it was.")
    caller: str = strawberry.field(description="Who it was, unique among all callers.")
    caller_name: str = strawberry.field(description="What people call them.")
    source: str | None = strawberry.field(
        description="The address that it came from; null: from this installation itself."
    )
    mutation: str = strawberry.field(description="What was asked for, for example updateService.")
    outcome: AuditOutcome = strawberry.field(description="What came of it.")
    project: str | None = strawberry.field(description="The name of the object's project; null where it has none.")
    object_id: strawberry.ID | None = strawberry.field(description="The object, or what was given instead of one.")
    object_name: str | None = strawberry.field(description="Its name then.")
    refusal: str | None = strawberry.field(
        description="The type of the error of a refused one, for example Forbidden, or its code: RATE_LIMITED."
    )
    message: str | None = strawberry.field(description="What a refused one was told.")
    changes: list[FieldChange] = strawberry.field(description="Each field that it changed; none when it was refused.")

    @classmethod
    def of(cls, row: AuditEntryRow) -> "AuditEntry":
        return cls(
            id=strawberry.ID(row.id),
            at=row.at,
            caller=row.caller,
            caller_name=row.caller_name,
            source=row.source,
            mutation=row.mutation,
            outcome=row.outcome,
            project=row.project,
            object_id=strawberry.ID(row.object_id) if row.object_id is not None else None,
            object_name=row.object_name,
            refusal=row.refusal,
            message=row.message,
            changes=[FieldChange.of(change) for change in row.changes],
        )


@strawberry.type(description="A page of the audit log.")
class AuditEntryConnection(Connection[AuditEntry]): ...
