"""The credentials that a datasource gets when nobody gives it any."""

import secrets
import string

from models.configuration.change import Seal
from models.configuration.engines import facts_of
from models.configuration.shape import EngineSource, ServiceConfiguration, Variable
from models.vocabulary import Engine

#: No sign that a shell, a URL or a connection string would read as its own.
_ALPHABET = string.ascii_letters + string.digits
_LENGTH = 32


def generate_credentials(engine: Engine) -> dict[str, str]:
    """Users, databases and new random passwords, by the variables that the engine's official image reads."""
    facts = facts_of(engine)
    return {**facts.names, **{name: _password() for name in facts.passwords}}


def with_credentials(
    configuration: ServiceConfiguration, previous: ServiceConfiguration | None, seal: Seal
) -> ServiceConfiguration:
    """A datasource with all its credentials: those it has, else those it had, else new ones.

    The image reads each from a file too (`POSTGRES_PASSWORD_FILE`) and refuses both: then none is made up. Redis has
    its password from an argument of ours, and reads no such file.
    """
    if not isinstance(configuration.source, EngineSource):
        return configuration
    given = {variable.name for variable in configuration.variables}
    if configuration.source.engine is not Engine.REDIS:
        given |= {name.removesuffix("_FILE") for name in given}
    kept = {variable.name: variable for variable in previous.variables} if previous is not None else {}
    missing = [
        kept.get(name) or Variable(name=name, secret=True, sealed=seal(value))
        for name, value in generate_credentials(configuration.source.engine).items()
        if name not in given
    ]
    return configuration.model_copy(update={"variables": (*configuration.variables, *missing)})


def _password() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
