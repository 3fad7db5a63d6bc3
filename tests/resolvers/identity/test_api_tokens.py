"""API tokens: made and revoked from a shell, shown once, kept as a hash."""

from datetime import timedelta

import httpx
import pytest
from sqlalchemy import text
from sqlmodel import select

from models.access import Access
from models.audit.entry import AuditEntry
from models.columns import now
from models.database import Database
from models.mutations.create_api_token import create_api_token
from models.mutations.request import Request
from models.project import Project
from models.reads.api_tokens import all_tokens, still_valid, token_of
from models.refusals import AlreadyExists, Forbidden, InvalidInput, NotFound, Refusal
from models.vocabulary import Role
from resolvers.tokens import main
from tests.resolvers.identity.guarding import guarded
from tests.resolvers.identity.issuer import Issuer

ROOT = Request(Access("root", Role.ADMIN))


@pytest.fixture
def url(database: Database) -> str:
    with database.writing() as session:
        session.add(Project(name="acme"))
    return database.engine.url.render_as_string(hide_password=False)


def run(capsys: pytest.CaptureFixture[str], url: str, *arguments: str) -> str:
    assert main(["--database-url", url, *arguments]) == 0
    return capsys.readouterr().out.strip()


def test_a_token_is_shown_once_and_kept_as_a_hash(
    database: Database, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    secret = run(capsys, url, "create", "ci", "--role", "EDITOR", "--project", "acme", "--days", "90")

    assert secret.startswith("phl_")
    with database.reading() as session:
        token = token_of(session, secret)
        assert token is not None
        kept = str(session.connection().execute(text("SELECT * FROM api_token")).all())
        [entry] = session.exec(select(AuditEntry)).all()
    assert secret not in kept
    assert token.access == Access("token:ci", projects={"acme": Role.EDITOR}, name="ci")
    assert entry.mutation == "createApiToken"
    assert entry.caller.startswith("shell:")
    listed = run(capsys, url, "list")
    assert listed.startswith("ci\tEDITOR\tacme\texpires ")
    assert secret not in listed


def test_a_revoked_token_is_listed_and_its_name_is_free_again(
    database: Database, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    first = run(capsys, url, "create", "ci", "--role", "ADMIN")
    assert run(capsys, url, "revoke", "ci") == "ci is revoked."
    second = run(capsys, url, "create", "ci", "--role", "VIEWER")

    with database.reading() as session:
        tokens = [token_of(session, secret) for secret in (first, second)]
        ids = [token.id for token in tokens if token is not None]
        assert still_valid(session, ids) == {ids[1]}
    states = [line.split("\t")[3].split()[0] for line in run(capsys, url, "list").splitlines()]
    assert states == ["revoked", "does"]


def test_what_can_not_be_created_or_revoked_is_said_and_leaves_nothing(
    database: Database, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for arguments in (["create", "ci", "--role", "EDITOR", "--project", "nowhere"], ["revoke", "ci"]):
        assert main(["--database-url", url, *arguments]) == 1
        assert "There is no" in capsys.readouterr().err
    with database.reading() as session:
        assert all_tokens(session) == []
        assert session.exec(select(AuditEntry)).all() == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"name": "No Label"}, InvalidInput),
        ({"expires_at": now() - timedelta(days=1)}, InvalidInput),
        ({"project": "nowhere"}, NotFound),
        ({"name": "taken"}, AlreadyExists),
    ],
)
def test_what_is_refused(database: Database, change: dict[str, str], expected: type[Refusal]) -> None:
    good = {"name": "ci", "role": Role.EDITOR, "project": None, "expires_at": None}
    with database.writing() as session:
        create_api_token(session, ROOT, name="taken", role=Role.VIEWER, project=None, expires_at=None)
    with pytest.raises(expected), database.writing() as session:
        create_api_token(session, ROOT, **{**good, **change})  # pyright: ignore[reportArgumentType]
    with database.reading() as session:
        assert [token.name for token in all_tokens(session)] == ["taken"]


def test_only_admins_of_everything_create_tokens(database: Database) -> None:
    ann = Request(Access("ann", Role.EDITOR, {"acme": Role.ADMIN}))
    with pytest.raises(Forbidden), database.writing() as session:
        create_api_token(session, ann, name="ci", role=Role.VIEWER, project=None, expires_at=None)


def test_a_token_admits_until_it_expires_or_is_revoked(issuer: Issuer, database: Database, url: str) -> None:
    with database.writing() as session:
        good = create_api_token(session, ROOT, name="good", role=Role.VIEWER, project=None, expires_at=None)
        late = create_api_token(session, ROOT, name="late", role=Role.VIEWER, project=None, expires_at=None)
        gone = create_api_token(session, ROOT, name="gone", role=Role.VIEWER, project=None, expires_at=None)
        late.token.expires_at = now() - timedelta(seconds=1)
        gone.token.revoked_at = now()
        session.add_all((late.token, gone.token))
    expected = {
        good.secret: (200, None),
        late.secret: (401, "The API token has expired."),
        gone.secret: (401, "The API token was revoked."),
        good.secret + "x": (401, "There is no such API token."),
        "phl_": (401, "There is no such API token."),
    }
    with guarded(issuer, url) as server:
        for secret, (status, message) in expected.items():
            headers = {"authorization": f"Bearer {secret}", "accept": "application/graphql-response+json"}
            response = httpx.post(server.url, json={"query": "{ caller }"}, headers=headers)
            assert response.status_code == status
            if message is None:
                assert response.json()["data"] == {"caller": "token:good"}
            else:
                assert response.json()["errors"][0]["message"] == message
