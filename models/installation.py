"""The one row that says which installation a database belongs to."""

import secrets

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, update

from models.clock import host_boot
from models.environment import Environment
from models.operation import Installation, Operation, OperationStep


def read_installation(session: Session) -> Installation:
    """The installation, made by whoever comes first."""
    found = session.get(Installation, 1)
    if found is not None:
        return found
    try:
        with session.begin_nested():
            session.add(Installation(token=secrets.token_hex(8), boot=host_boot()))
    except IntegrityError:
        pass  # another process was first
    return session.get_one(Installation, 1)


def installation_token(session: Session) -> str:
    """Names the installation to the outside. Every process calls `read_installation` once, before it calls this."""
    return session.get_one(Installation, 1).token


def redis_namespace(installation: Installation) -> str:
    """The prefix of this installation's keys, so that several may share one Redis."""
    return f"phaseline-{installation.token}"


def forget_clock_of_last_boot(session: Session) -> None:
    """SQLite's lease clock begins anew with each boot of the host: instants of an earlier one mean nothing."""
    installation = read_installation(session)
    if session.get_bind().dialect.name != "sqlite" or installation.boot == host_boot():
        return
    session.exec(update(Operation).values(lease_until=0, wake_at=0, owner=None))
    session.exec(update(OperationStep).values(try_at=0))
    session.exec(update(Environment).values(look_at=0, looked_until=0))
    installation.boot = host_boot()
    session.add(installation)
