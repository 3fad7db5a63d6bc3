"""The settings of an API process, from its environment. Made once in `create_app`, and passed on."""

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class ApiSettings(BaseSettings):
    """`clusters` are the names that the workers know; the first is the default."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore")

    database_url: str = "sqlite:///phaseline.db"
    redis_url: str = "redis://127.0.0.1:6379/0"
    #: Fernet keys, the newest first, separated by commas: secret variables are sealed with them.
    secrets_key: SecretStr
    clusters: dict[str, object] = Field(default_factory=lambda: {"default": {}}, min_length=1)
    graphiql: bool = True
    introspection: bool = True
