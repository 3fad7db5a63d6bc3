"""A small OIDC issuer that answers over HTTP: discovery and keys."""

import json
import threading
import time
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key as generate_rsa_key
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

AUDIENCE = "phaseline"
PrivateKey = RSAPrivateKey | EllipticCurvePrivateKey


class Issuer:
    """`keys` are what it tells of; a test may change them at any time."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.calls_itself = url
        self.keys: dict[str, PrivateKey] = {"rsa": rsa_key(), "ec": generate_private_key(SECP256R1())}
        self.away = False
        self.asked = Counter[str]()

    def token(self, kid: str = "rsa", algorithm: str | None = None, key: Any = None, **claims: Any) -> str:
        """A good one, but for what is said. A claim that is None is left out."""
        good = {"iss": self.url, "aud": AUDIENCE, "sub": "ann", "exp": time.time() + 60, "roles": "EDITOR"}
        said = {name: value for name, value in {**good, **claims}.items() if value is not None}
        used = key if key is not None else self.keys[kid]
        default = "ES256" if isinstance(used, EllipticCurvePrivateKey) else "RS256"
        return jwt.encode(said, used, algorithm or default, headers={"kid": kid})

    def document(self, path: str) -> object:
        self.asked[path] += 1
        match path:
            case "/.well-known/openid-configuration":
                return {"issuer": self.calls_itself, "jwks_uri": f"{self.url}/keys", "scopes_supported": ["openid"]}
            case "/keys":
                return {"keys": [public_jwk(kid, key) for kid, key in self.keys.items()]}
            case _:
                return None


def rsa_key() -> RSAPrivateKey:
    return generate_rsa_key(65537, 2048)


def public_jwk(kid: str, key: PrivateKey) -> dict[str, Any]:
    if isinstance(key, EllipticCurvePrivateKey):
        return {**ECAlgorithm.to_jwk(key.public_key(), as_dict=True), "kid": kid, "use": "sig", "alg": "ES256"}
    return {**RSAAlgorithm.to_jwk(key.public_key(), as_dict=True), "kid": kid, "use": "sig", "alg": "RS256"}


@contextmanager
def issuing() -> Generator[Issuer]:
    """Answers until the end of the block."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = issuer.document(self.path)
            body = json.dumps(found).encode()
            self.send_response(503 if issuer.away else 200 if found is not None else 404)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 its base names it so
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        issuer = Issuer(f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield issuer
        server.shutdown()
        thread.join()
