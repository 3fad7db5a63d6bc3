"""Secret variables in Secrets Manager, one secret a service."""

from jobs.adapters.secrets_manager.store import SecretsManagerStore

__all__ = ["SecretsManagerStore"]
