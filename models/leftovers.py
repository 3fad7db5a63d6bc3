"""What carries our labels in a cluster and belongs to no environment, as a worker answers it."""

from collections.abc import Sequence

from pydantic import BaseModel
from sqlmodel import Session, select

from models.environment import Environment
from models.vocabulary import EnvironmentPhase


class LeftoverObject(BaseModel):
    """`environment_id` is what its label says."""

    environment_id: str
    namespace: str | None = None
    api_version: str
    kind: str
    name: str
    uid: str


class Leftovers(BaseModel):
    objects: list[LeftoverObject]


class KeptLeftover(BaseModel):
    uid: str
    reason: str


class RemovedLeftovers(BaseModel):
    removed: list[LeftoverObject]
    kept: list[KeptLeftover] = []


class LeftoversToRemove(BaseModel):
    uids: list[str]


def owning_environments(session: Session) -> Sequence[str]:
    """The ids of the environments that may have something in a cluster: in any, as one may have several names."""
    return session.exec(select(Environment.id).where(Environment.phase != EnvironmentPhase.DESTROYED)).all()
