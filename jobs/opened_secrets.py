"""Secret variables in clear: for what hands them on, and kept by nobody."""

from collections.abc import Mapping

from models.configuration import ServiceConfiguration
from models.sealing import Sealer


def opened_secrets(configuration: ServiceConfiguration, sealer: Sealer) -> Mapping[str, str]:
    """By name. Raises SealBroken."""
    return {
        variable.name: sealer.unseal(variable.sealed)
        for variable in configuration.variables
        if variable.secret and variable.sealed is not None
    }
