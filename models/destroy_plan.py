"""What destroying an environment would remove and keep, and the digest that binds a destroy to what was shown."""

import hashlib
import json

from pydantic import BaseModel


class Removal(BaseModel):
    """`kind`: a Kubernetes kind, or DnsRecord, CloudSecret, Workflow, Release."""

    kind: str
    name: str
    service: str | None = None


class Keep(BaseModel):
    """Something that stays, and why."""

    kind: str
    name: str
    reason: str


class DestroyPlan(BaseModel):
    removals: list[Removal]
    keeps: list[Keep] = []
    #: Another set of removals has another digest.
    digest: str


def destroy_plan(removals: list[Removal], keeps: list[Keep]) -> DestroyPlan:
    ordered = sorted(removals, key=lambda r: (r.service or "", r.kind, r.name))
    text = json.dumps([[r.kind, r.name, r.service] for r in ordered])
    return DestroyPlan(removals=ordered, keeps=keeps, digest=hashlib.sha256(text.encode()).hexdigest())
