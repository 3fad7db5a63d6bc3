"""Asks workers what only they can look up: this process has no rights in any cluster or cloud."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

from sqlmodel import Session

from models.destroy_plan import DestroyPlan
from models.inquiries import ANSWER_SECONDS, InquiryKind, ask, forget_old
from models.operation import Inquiry
from resolvers.doorbell import Bell
from resolvers.failures import FailureCode, failure
from resolvers.paging import Read
from resolvers.process import Process

#: A ring can be lost: the answer is looked for this often without one.
LOOK_AGAIN_SECONDS = 1.0


async def ask_destroy_plans(
    process: Process, read: Read, write: Read, environment_ids: Sequence[str]
) -> list[DestroyPlan | BaseException]:
    """The plan of each environment, or the GraphQLError that says why there is none."""
    inquiries = await write(_ask_all, InquiryKind.DESTROY_PLAN, environment_ids)
    answers = (answer_to(process, read, inquiry_id) for inquiry_id in inquiries)
    return [
        answer if isinstance(answer, BaseException) else DestroyPlan.model_validate_json(answer)
        for answer in await asyncio.gather(*answers, return_exceptions=True)
    ]


def _ask_all(session: Session, kind: InquiryKind, subjects: Sequence[str]) -> list[str]:
    forget_old(session)
    return [ask(session, kind, subject).id for subject in subjects]


async def answer_to(process: Process, read: Read, inquiry_id: str) -> str:
    """Raises GraphQLError when no worker answers in time, or the one that did could not find out."""
    with process.doorbell.listening(inquiry_id) as bell:
        await process.queue.ask(inquiry_id)
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                while (answer := await read(_look, inquiry_id)) is None:
                    await _rung_or_patient(bell)
                return answer
        except TimeoutError:
            raise failure(
                f"No worker answered within {ANSWER_SECONDS:.0f} seconds, so nobody could look into the cluster. "
                "See that a worker runs, and ask again.",
                FailureCode.NO_WORKER_ANSWERED,
            ) from None


def _look(session: Session, inquiry_id: str) -> str | None:
    """The answer, if there is one. Raises GraphQLError when the worker could not find out."""
    inquiry = session.get(Inquiry, inquiry_id)
    if inquiry is not None and inquiry.error is not None:
        raise failure(inquiry.error, FailureCode.LOOKUP_FAILED)
    return inquiry.answer if inquiry is not None else None


async def _rung_or_patient(bell: Bell) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(LOOK_AGAIN_SECONDS):
            await bell.rung()
