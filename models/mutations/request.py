"""Who asks, and the promise that asking twice with one key has one effect."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from models.access import Access
from models.environment import Environment
from models.operation import IdempotencyKey, Operation
from models.refusals import IdempotencyConflict, InvalidInput, Issue
from models.service import Service

MAX_KEY_LENGTH = 255


@dataclass(frozen=True)
class Request:
    """`fingerprints`: hashes of the mutation and its input, to tell a repetition from a clash of keys. One for each key
    that secrets may be sealed with, the newest first: what was asked before a rotation is a repetition after it.

    `source` is the address that it came from; None: from this very process.
    """

    access: Access
    idempotency_key: str | None = None
    fingerprints: Sequence[str] = ("",)
    source: str | None = None

    @property
    def caller(self) -> str:
        return self.access.caller


@dataclass(frozen=True)
class Accepted:
    """What was accepted. `replayed`: it had been accepted before, under the same key.

    `others` are the operations that it superseded, cancelled or stopped.
    """

    operation: Operation
    environment: Environment
    service: Service | None = None
    replayed: bool = False
    others: Sequence[str] = ()


def claim_key(session: Session, request: Request) -> str | None:
    """Takes the request's key for this transaction; returns the earlier result's id if it had been used.

    Concurrent requests with one key wait here for each other. Raises IdempotencyConflict and InvalidInput.
    """
    key = request.idempotency_key
    if key is None:
        return None
    if not 1 <= len(key) <= MAX_KEY_LENGTH or "\0" in key:
        message = f"Use 1 to {MAX_KEY_LENGTH} characters without NUL, a random UUID for example."
        raise InvalidInput([Issue(("idempotencyKey",), message)])
    try:
        with session.begin_nested():
            session.add(IdempotencyKey(caller=request.caller, key=key, request_hash=request.fingerprints[0]))
        return None
    except IntegrityError:
        earlier = session.get_one(IdempotencyKey, (request.caller, key))
    if earlier.request_hash not in request.fingerprints:
        result = earlier.result_id
        raise IdempotencyConflict(
            f"The idempotency key {key!r} came with another input before. Use a new key for another request.",
            result if result and result.startswith("opr_") else None,
        )
    return earlier.result_id


def keep_result(session: Session, request: Request, result_id: str) -> None:
    """Remembers under the request's key what it led to."""
    if request.idempotency_key is not None:
        row = session.get_one(IdempotencyKey, (request.caller, request.idempotency_key))
        row.result_id = result_id
        session.add(row)
