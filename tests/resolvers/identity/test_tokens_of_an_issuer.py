"""Bearer tokens of an OIDC issuer over HTTP: which are taken, which are not, and what is said about them."""

import asyncio
import base64
import hmac
import json
import time
from collections.abc import AsyncGenerator, Callable
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.database import Database
from resolvers.identity.oidc import OidcSettings, OidcVerifier
from resolvers.transport import Refusal
from tests.resolvers.identity.guarding import guarded
from tests.resolvers.identity.issuer import AUDIENCE, Issuer, rsa_key
from tests.resolvers.transport.running import Server

pytestmark = pytest.mark.anyio

MUTATION = 'mutation { note(text: "unwanted") }'


@pytest.fixture
async def client() -> AsyncGenerator[httpx.AsyncClient]:
    async with httpx.AsyncClient(headers={"accept": "application/graphql-response+json"}) as opened:
        yield opened


async def ask(client: httpx.AsyncClient, server: Server, token: str, query: str = "{ caller }") -> httpx.Response:
    return await client.post(server.url, json={"query": query}, headers={"authorization": f"Bearer {token}".strip()})


def unsigned(**claims: Any) -> str:
    return jwt.encode(claims, None, algorithm="none", headers={"kid": "none"})  # pyright: ignore[reportArgumentType]


def signed_with_the_public_key(issuer: Issuer, kid: str = "rsa") -> str:
    """The classic: HS256 with the public key's text as the secret. PyJWT does not make one, so it is made by hand."""
    pem = issuer.keys["rsa"].public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    body = jwt.decode(issuer.token(), options={"verify_signature": False})
    parts = [{"alg": "HS256", "kid": kid}, body]
    text = ".".join(encoded(json.dumps(part).encode()) for part in parts)
    return f"{text}.{encoded(hmac.digest(pem, text.encode(), 'sha256'))}"


def encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def tampered(token: str) -> str:
    header, payload, signature = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=="))
    return f"{header}.{encoded(json.dumps({**claims, 'roles': 'ADMIN'}).encode())}.{signature}"


BAD: dict[str, tuple[Callable[[Issuer], str], str]] = {
    "expired": (lambda i: i.token(exp=time.time() - 60), "The token has expired."),
    "not valid yet": (lambda i: i.token(nbf=time.time() + 60), "The token is not valid yet."),
    "issued in the future": (lambda i: i.token(iat=time.time() + 60), "The token is not valid yet."),
    "for another audience": (lambda i: i.token(aud="billing"), "The token is for another audience."),
    "for nobody": (lambda i: i.token(aud=None), "The token has no claim aud."),
    "of another issuer": (lambda i: i.token(iss="https://evil.example"), "The token is from another issuer."),
    "without an end": (lambda i: i.token(exp=None), "The token has no claim exp."),
    "of no one": (lambda i: i.token(sub=None), "The token has no claim sub."),
    "not signed": (lambda i: unsigned(sub="ann"), "The token is not signed with RS256 or ES256."),
    "HS256": (signed_with_the_public_key, "The token is not signed with RS256 or ES256."),
    "RS512": (lambda i: i.token(algorithm="RS512"), "The token is not signed with RS256 or ES256."),
    "another key's kid": (lambda i: i.token(key=rsa_key()), "The token's signature is wrong."),
    "a kid of another algorithm": (lambda i: i.token("ec", key=i.keys["rsa"]), "The token is not signed with"),
    "an unknown kid": (
        lambda i: i.token("gone", key=i.keys["rsa"]),
        "The token is signed with a key that its issuer does not have.",
    ),
    "no kid": (
        lambda i: jwt.encode({"sub": "ann"}, i.keys["rsa"], "RS256"),
        "The token does not name the key that signed it.",
    ),
    "tampered with": (lambda i: tampered(i.token()), "The token's signature is wrong."),
    "garbage": (lambda _: "garbage", "The token is malformed."),
    "garbage in three parts": (lambda _: "a.b.c", "The token is malformed."),
    "a deep header": (lambda _: f"{encoded(b'[' * 10_000)}.e30.e30", "The token is malformed."),
    "too long": (lambda i: i.token(junk="x" * 20_000), "The value of Authorization must be Bearer and a token."),
    "nothing": (lambda _: "", "The value of Authorization must be Bearer and a token."),
}


@pytest.mark.parametrize("name", BAD)
async def test_a_bad_token_is_a_401_that_says_why(
    client: httpx.AsyncClient, server: Server, issuer: Issuer, name: str
) -> None:
    make, message = BAD[name]
    token = make(issuer)

    response = await ask(client, server, token, MUTATION)

    assert response.status_code == 401
    [error] = response.json()["errors"]
    assert error["message"].startswith(message)
    assert error["extensions"] == {"code": "UNAUTHENTICATED"}
    challenge = f'Bearer error="invalid_token", error_description="{error["message"]}"'
    assert response.headers["www-authenticate"] == challenge
    assert not token or token not in response.text
    assert server.ledger.mutations == []


async def test_no_token_is_a_401_before_anything_is_looked_at(client: httpx.AsyncClient, server: Server) -> None:
    for query in (MUTATION, "{ hello", "{ secretField }", "{ __schema { types { name } } }"):
        response = await client.post(server.url, json={"query": query})
        assert response.status_code == 401
        assert response.headers["www-authenticate"] == "Bearer"
        [error] = response.json()["errors"]
        assert error["extensions"] == {"code": "UNAUTHENTICATED"}
        assert "Authorization" in error["message"]
    assert server.ledger.mutations == []


async def test_another_scheme_is_refused(client: httpx.AsyncClient, server: Server) -> None:
    response = await client.post(server.url, json={"query": "{ hello }"}, auth=("ann", "secret"))
    assert response.status_code == 401


async def test_a_token_in_the_url_is_none(client: httpx.AsyncClient, server: Server, issuer: Issuer) -> None:
    parameters = {"query": "{ hello }", "access_token": issuer.token()}
    assert (await client.get(server.url, params=parameters)).status_code == 401


@pytest.mark.parametrize("kid", ["rsa", "ec"])
async def test_a_good_token_says_who_calls(client: httpx.AsyncClient, server: Server, issuer: Issuer, kid: str) -> None:
    response = await ask(client, server, issuer.token(kid))
    assert response.json()["data"] == {"caller": "oidc:ann"}


async def test_clocks_may_differ_a_little(client: httpx.AsyncClient, server: Server, issuer: Issuer) -> None:
    for token in (issuer.token(exp=time.time() - 1), issuer.token(nbf=time.time() + 1, iat=time.time() + 1)):
        assert (await ask(client, server, token)).status_code == 200


async def test_one_of_several_audiences_is_enough(client: httpx.AsyncClient, server: Server, issuer: Issuer) -> None:
    assert (await ask(client, server, issuer.token(aud=["billing", AUDIENCE]))).status_code == 200


@pytest.mark.parametrize("roles", [None, "", "admin", ["offline_access"], {"acme": "OWNER"}, 7])
async def test_a_token_without_a_role_is_a_403(
    client: httpx.AsyncClient, server: Server, issuer: Issuer, roles: object
) -> None:
    response = await ask(client, server, issuer.token(roles=roles), MUTATION)
    assert response.status_code == 403
    assert response.json()["errors"][0]["extensions"] == {"code": "FORBIDDEN"}
    assert "'roles'" in response.text
    assert server.ledger.mutations == []


async def test_a_key_that_came_with_a_rotation_is_found_and_the_old_one_forgotten(
    client: httpx.AsyncClient, server: Server, issuer: Issuer
) -> None:
    old = issuer.token()
    assert (await ask(client, server, old)).status_code == 200
    before = issuer.keys
    try:
        issuer.keys = {"new": rsa_key()}
        assert (await ask(client, server, issuer.token("new"))).status_code == 200
        assert (await ask(client, server, old)).status_code == 401
    finally:
        issuer.keys = before


async def test_the_issuer_is_asked_once_however_many_come_and_whatever_they_name(
    client: httpx.AsyncClient, issuer: Issuer, file_database: Database
) -> None:
    with guarded(issuer, str(file_database.engine.url), pause=60) as server:
        issuer.asked.clear()
        good = await asyncio.gather(*(ask(client, server, issuer.token()) for _ in range(20)))
        assert {response.status_code for response in good} == {200}
        key = issuer.keys["rsa"]
        bad = await asyncio.gather(*(ask(client, server, issuer.token(f"k{n}", key=key)) for n in range(20)))
        assert {response.status_code for response in bad} == {401}
    assert issuer.asked == {"/.well-known/openid-configuration": 1, "/keys": 1}


async def test_a_token_that_can_not_be_of_the_issuer_does_not_make_us_ask_it(
    client: httpx.AsyncClient, server: Server, issuer: Issuer
) -> None:
    issuer.asked.clear()
    for token in (
        signed_with_the_public_key(issuer, "new"),
        unsigned(sub="ann"),
        issuer.token("gone", "RS512", rsa_key()),
    ):
        assert (await ask(client, server, token)).status_code == 401
    assert issuer.asked.total() == 0


async def test_an_issuer_that_is_away_is_no_fault_of_the_caller(
    client: httpx.AsyncClient, issuer: Issuer, file_database: Database
) -> None:
    with guarded(issuer, str(file_database.engine.url), pause=0) as server:
        issuer.away = True
        try:
            response = await ask(client, server, issuer.token(), MUTATION)
        finally:
            issuer.away = False
        assert response.status_code == 503
        assert response.headers["retry-after"] == "5"
        assert response.json()["errors"][0]["extensions"] == {"code": "IDENTITY_UNAVAILABLE"}
        assert server.ledger.mutations == []
        assert (await ask(client, server, issuer.token())).status_code == 200


async def test_while_it_is_away_it_is_not_asked_again_at_once(
    client: httpx.AsyncClient, issuer: Issuer, file_database: Database
) -> None:
    with guarded(issuer, str(file_database.engine.url), pause=60) as server:
        issuer.asked.clear()
        issuer.away = True
        try:
            answers = await asyncio.gather(*(ask(client, server, issuer.token()) for _ in range(10)))
        finally:
            issuer.away = False
    assert {response.status_code for response in answers} == {503}
    assert issuer.asked.total() == 1


async def test_a_document_of_another_issuer_is_not_believed(
    client: httpx.AsyncClient, issuer: Issuer, file_database: Database
) -> None:
    issuer.calls_itself = "https://evil.example"
    try:
        with guarded(issuer, str(file_database.engine.url)) as server:
            issuer.asked.clear()
            assert (await ask(client, server, issuer.token())).status_code == 503
    finally:
        issuer.calls_itself = issuer.url
    assert issuer.asked["/keys"] == 0


class NoKeys:
    """Nothing may come so far as to ask for a key."""

    async def key(self, kid: str) -> Any:
        raise AssertionError(kid)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(header=st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists) | st.binary())
def test_whatever_the_header_is_it_is_refused_in_words(header: object) -> None:
    verifier = OidcVerifier(OidcSettings("https://i", "a", "roles", "name", 0), NoKeys())  # pyright: ignore[reportArgumentType]
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    with pytest.raises(Refusal, match=r"malformed|not signed with"):
        asyncio.run(verifier.verify(f"{encoded(text)}.e30.e30"))
