"""Settings of the API process: safe as they come, and clear where they can't be used."""

import pytest
from pydantic import ValidationError

from resolvers.settings import ApiSettings
from resolvers.transport import TransportLimits

OIDC = {"OIDC_ISSUER": "https://id.example", "OIDC_AUDIENCE": "phaseline"}


def read(monkeypatch: pytest.MonkeyPatch, **environment: str) -> ApiSettings:
    monkeypatch.setenv("SECRETS_KEY", "key")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return ApiSettings()  # pyright: ignore[reportCallIssue]


def refused(monkeypatch: pytest.MonkeyPatch, **environment: str) -> str:
    with pytest.raises(ValidationError) as caught:
        read(monkeypatch, **environment)
    [error] = caught.value.errors()
    return str(error["msg"])


def test_as_they_come_they_are_safe(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read(monkeypatch)
    assert not settings.has_identity
    assert settings.host == "127.0.0.1"
    assert settings.cors_origins == settings.trusted_proxies == ()
    assert settings.transport_limits == TransportLimits()


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "phaseline.example"])
def test_without_identity_it_listens_nowhere_else(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    message = refused(monkeypatch, HOST=host)
    assert f"HOST={host} is refused" in message
    assert "\n" not in message


@pytest.mark.parametrize("identity", [OIDC, {"API_TOKENS": "true"}])
def test_with_identity_it_may(monkeypatch: pytest.MonkeyPatch, identity: dict[str, str]) -> None:
    assert read(monkeypatch, HOST="0.0.0.0", **identity).has_identity


def test_an_issuer_needs_an_audience_and_tls(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "OIDC_AUDIENCE" in refused(monkeypatch, OIDC_ISSUER="https://id.example")
    assert "https://" in refused(monkeypatch, OIDC_ISSUER="http://id.example", OIDC_AUDIENCE="phaseline")
    settings = read(monkeypatch, OIDC_ISSUER="http://localhost:9000/realm", OIDC_AUDIENCE="phaseline")
    assert settings.oidc is not None
    assert settings.oidc.issuer == "http://localhost:9000/realm"


def test_every_limit_is_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read(monkeypatch, LIMITS__DEPTH="7", LIMITS__IDLE_SECONDS="1.5", INTROSPECTION="false")
    assert settings.transport_limits == TransportLimits(depth=7, idle_seconds=1.5, introspection=False)
    assert "depth" in refused(monkeypatch, LIMITS__DEPTH="0")


@pytest.mark.parametrize("origins", ["*", "app.example", "https://app.example/", "https://app.example/x", "null"])
def test_an_origin_is_written_as_browsers_send_it(monkeypatch: pytest.MonkeyPatch, origins: str) -> None:
    assert "is not an origin" in refused(monkeypatch, CORS_ORIGINS=origins)


def test_lists_have_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read(monkeypatch, CORS_ORIGINS="https://a.example, http://localhost:3000", TRUSTED_PROXIES="10.0.0.0/8")
    assert settings.cors_origins == ("https://a.example", "http://localhost:3000")
    assert settings.trusted_proxies == ("10.0.0.0/8",)
