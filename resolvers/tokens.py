"""API tokens for scripts, from the shell of whoever runs the installation.

    python -m resolvers.tokens create ci --role EDITOR --project acme --days 90
    python -m resolvers.tokens list
    python -m resolvers.tokens revoke ci

The database is the one of DATABASE_URL. `create` prints the token once; only its hash is kept.
"""

import argparse
import getpass
import os
import sys
from datetime import datetime, timedelta

from models.access import Access
from models.audit.recording import audited
from models.columns import now
from models.database import Database, open_database
from models.mutations.create_api_token import create_api_token
from models.mutations.request import Request
from models.mutations.revoke_api_token import revoke_api_token
from models.reads.api_tokens import all_tokens
from models.refusals import Refusal
from models.vocabulary import Role


def main(arguments: list[str]) -> int:
    """Returns the exit code."""
    given = _parser().parse_args(arguments)
    database = open_database(given.database_url)
    try:
        lines = given.run(database, given)
    except Refusal as refusal:
        sys.stderr.write(f"{refusal.message}\n")
        return 1
    finally:
        database.close()
    sys.stdout.writelines(f"{line}\n" for line in lines)
    return 0


def _create(database: Database, given: argparse.Namespace) -> list[str]:
    expires_at = now() + timedelta(days=given.days) if given.days is not None else None
    with database.writing() as session:
        issued = audited(
            session,
            create_api_token,
            _request(),
            name=given.name,
            role=Role(given.role),
            project=given.project,
            expires_at=expires_at,
        )
    return [issued.secret]


def _revoke(database: Database, given: argparse.Namespace) -> list[str]:
    with database.writing() as session:
        audited(session, revoke_api_token, _request(), name=given.name)
    return [f"{given.name} is revoked."]


def _list(database: Database, _given: argparse.Namespace) -> list[str]:
    with database.reading() as session:
        return [
            f"{token.name}\t{token.role}\t{token.project or 'everywhere'}\t{_state(token.revoked_at, token.expires_at)}"
            for token in all_tokens(session)
        ]


def _state(revoked_at: datetime | None, expires_at: datetime | None) -> str:
    if revoked_at is not None:
        return f"revoked {revoked_at:%Y-%m-%d}"
    return f"expires {expires_at:%Y-%m-%d}" if expires_at is not None else "does not expire"


def _request() -> Request:
    """Whoever can write to the database is an admin already; the audit log says which user it was."""
    user = getpass.getuser()
    return Request(Access(f"shell:{user}", Role.ADMIN, name=user))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m resolvers.tokens", description="API tokens for scripts.")
    url = os.environ.get("DATABASE_URL")
    parser.add_argument("--database-url", default=url, required=url is None, help="by default DATABASE_URL")
    commands = parser.add_subparsers(required=True)
    create = commands.add_parser("create", help="prints a new token, once")
    create.add_argument("name")
    create.add_argument("--role", choices=[role.value for role in Role], required=True)
    create.add_argument("--project", help="the one project that it is for; without, all of them")
    create.add_argument("--days", type=int, help="how long it holds; without, until it is revoked")
    create.set_defaults(run=_create)
    revoke = commands.add_parser("revoke", help="ends a token, and the streams that it opened")
    revoke.add_argument("name")
    revoke.set_defaults(run=_revoke)
    commands.add_parser("list", help="every token that was ever created").set_defaults(run=_list)
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
