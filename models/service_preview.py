"""What an update of a service would change in the cluster, as a worker answers it."""

from pydantic import BaseModel

from models.vocabulary import ObjectAction


class ChangedField(BaseModel):
    """A field and its values, None where it is not there. Secrets are hidden."""

    path: str
    before: str | None = None
    after: str | None = None


class ChangedObject(BaseModel):
    """`fields` are given where it is changed."""

    action: ObjectAction
    kind: str
    name: str
    fields: list[ChangedField] = []


class ServicePreview(BaseModel):
    changes: list[ChangedObject] = []
    #: Why the cluster would refuse the update; None: it would not.
    refusal: str | None = None
