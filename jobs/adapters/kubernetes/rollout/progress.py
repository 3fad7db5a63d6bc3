"""How far a rollout is."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Progress:
    """`done` of `total` pods are of the new revision and available. `failure`: why its controller gave up."""

    says: str
    done: int = 0
    total: int = 0
    complete: bool = False
    failure: str | None = None
    #: False until the controller has seen the change: until then what the pods show is of the revision before.
    observed: bool = True
