"""The settings of an API process, from its environment. Made once in `create_app`, and passed on."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from models.logs import LogFormat, LogLevel
from resolvers.identity.loopback import is_loopback
from resolvers.identity.oidc import OidcSettings
from resolvers.transport import TransportLimits
from resolvers.transport.graphiql.assets import INSTALLED

#: In the environment: with commas between.
Listed = Annotated[tuple[str, ...], NoDecode]


class ApiSettings(BaseSettings):
    """`clusters` are the names that the workers know; the first is the default.

    Every limit of `TransportLimits` is a setting too: LIMITS__DEPTH=8.
    """

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_nested_delimiter="__")

    database_url: str = "sqlite:///phaseline.db"
    redis_url: str = "redis://127.0.0.1:6379/0"
    #: Fernet keys, the newest first, separated by commas: secret variables are sealed with them.
    secrets_key: SecretStr
    clusters: dict[str, object] = Field(default_factory=lambda: {"default": {}}, min_length=1)
    graphiql: bool = True
    #: Where GraphiQL's files were installed.
    graphiql_folder: Path = INSTALLED
    introspection: bool = True

    #: Whose tokens are accepted, and for which audience. Without either, and without `api_tokens`, everybody is the
    #: admin, and the server listens on loopback only.
    oidc_issuer: str | None = None
    oidc_audience: str | None = None
    oidc_roles_claim: str = "roles"
    oidc_name_claim: str = "name"
    #: How far the issuer's clock may be from ours, in seconds.
    oidc_leeway_seconds: float = Field(default=30, ge=0, le=300)
    #: Accepts API tokens without an OIDC issuer; beside one they are accepted anyway.
    api_tokens: bool = False
    #: How soon the streams of a revoked API token end, in seconds.
    revocation_seconds: float = Field(default=5, gt=0, le=300)

    log_level: LogLevel = "INFO"
    log_format: LogFormat = "json"

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    #: Addresses and networks of the proxies whose X-Forwarded-For is believed.
    trusted_proxies: Listed = ()
    #: Origins of the web pages that may use the API from browsers: https://app.example
    cors_origins: Listed = ()
    limits: TransportLimits = TransportLimits()

    @property
    def has_identity(self) -> bool:
        return self.oidc_issuer is not None or self.api_tokens

    @property
    def oidc(self) -> OidcSettings | None:
        if self.oidc_issuer is None or self.oidc_audience is None:
            return None
        return OidcSettings(
            issuer=self.oidc_issuer,
            audience=self.oidc_audience,
            roles_claim=self.oidc_roles_claim,
            name_claim=self.oidc_name_claim,
            leeway_seconds=self.oidc_leeway_seconds,
        )

    @property
    def transport_limits(self) -> TransportLimits:
        return replace(self.limits, introspection=self.introspection)

    @field_validator("trusted_proxies", "cors_origins", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("oidc_issuer")
    @classmethod
    def _check_issuer(cls, value: str | None) -> str | None:
        """Whoever can answer in the issuer's place can sign tokens."""
        url = urlsplit(value or "https://none")
        if url.scheme == "https" or (url.scheme == "http" and is_loopback(url.hostname or "")):
            return value
        raise ValueError(f"{value} must begin with https://")

    @field_validator("cors_origins")
    @classmethod
    def _check_origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for origin in value:
            url = urlsplit(origin)
            if url.scheme not in ("http", "https") or not url.netloc or origin != f"{url.scheme}://{url.netloc}":
                raise ValueError(f"{origin} is not an origin: write https://app.example, without a path")
        return value

    @model_validator(mode="after")
    def _check_together(self) -> "ApiSettings":
        if self.oidc_issuer is not None and not self.oidc_audience:
            raise ValueError("OIDC_ISSUER is set, so OIDC_AUDIENCE must be: tokens for others are not for us")
        if not self.has_identity and not is_loopback(self.host):
            raise ValueError(
                f"HOST={self.host} is refused: without identity everybody who reaches it would be the admin. "
                "Set OIDC_ISSUER and OIDC_AUDIENCE, or API_TOKENS=true, or listen on 127.0.0.1"
            )
        return self
