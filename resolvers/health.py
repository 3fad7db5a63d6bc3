"""Whether this process lives, and whether it can answer: for whoever starts and balances it."""

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, select
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from models.operation import Installation
from resolvers.process import Process

log = structlog.get_logger("phaseline.api")


async def alive(_request: Request) -> Response:
    return PlainTextResponse("alive\n")


async def ready(request: Request) -> Response:
    """503 while the database can't be read."""
    process: Process = request.state.process
    try:
        await process.database.read(_read)
    except SQLAlchemyError as error:
        log.warning("not ready: the database is away", error=type(error).__name__)
        return PlainTextResponse("the database is away\n", 503)
    return PlainTextResponse("ready\n")


def _read(session: Session) -> None:
    session.exec(select(Installation.id)).first()


HEALTH_ROUTES = (Route("/healthz", alive), Route("/readyz", ready))
