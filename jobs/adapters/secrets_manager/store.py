"""`SecretStore` on Secrets Manager."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from typing import TYPE_CHECKING, Self

from jobs.adapters.secrets_manager.digests import Digests
from jobs.adapters.secrets_manager.names import (
    digest_of,
    fence_of,
    names_of,
    secret_name,
    tags_for,
    text_of,
    version_id,
)
from jobs.adapters.secrets_manager.requests import Moved, Requests, Secret
from jobs.errors import Blocker, NotYet, Overtaken, Permanent, Transient
from jobs.ports import EnvironmentRef, Guard, ServiceRef

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

#: How often a secret that others change meanwhile is looked at again in one call.
LOOKS = 4
LOOK_AGAIN_SECONDS = 2.0
_THREADS = 8


class SecretsManagerStore:
    """The secrets of one account and region.

    `recovery_window_days`: for how long a deleted secret can be restored (7 to 30), None to delete it at once.
    """

    def __init__(self, client: "SecretsManagerClient", recovery_window_days: int | None) -> None:
        if recovery_window_days is not None and not 7 <= recovery_window_days <= 30:
            raise ValueError("the recovery window of secrets is 7 to 30 days, or none")
        self._requests = Requests(client)
        self._window = recovery_window_days
        self._digests = Digests()

    def under(self, guard: Guard) -> Self:
        made = copy(self)
        made._requests = self._requests.under(guard)
        return made

    def put(self, service: ServiceRef, values: Mapping[str, str], fence: int) -> None:
        """The operation's number stands in the id of the version it writes, and a version becomes the current one only
        if the one looked at still is: an older operation never replaces what a newer one wrote, however late it is."""
        text = text_of(service, values)
        version = version_id(fence, self._digests.of(service.id, text))
        seen: Secret | None = None
        told = ""
        for _ in range(LOOKS):
            secret = self._find(service, fence)
            try:
                if values:
                    self._write(service, secret, text, version)
                elif secret is not None and not secret.deleted:
                    self._requests.delete(secret, self._window)
            except Moved as moved:
                if moved.invalid and secret == seen:
                    raise Permanent(str(moved)) from None
                seen, told = secret, str(moved)
            else:
                return
        raise Transient(f"the secret of service {service.name} keeps changing: {told}")

    def names(self, environment: EnvironmentRef, service_id: str | None = None) -> Mapping[str, str]:
        owned = [(secret.name, secret.owner[1]) for secret in self._held(environment, service_id) if secret.owner]
        return dict(sorted(owned))

    def ailments(self, service: ServiceRef, values: Mapping[str, str]) -> Sequence[str]:
        """Told by the id of the current version: the value itself is not asked for."""
        if not values:
            return []
        held = self._held(service.environment, service.id)
        if not held:
            return ["its cloud secret is missing"]
        digest = self._digests.of(service.id, text_of(service, values))
        if held[0].version is None or digest_of(held[0].version) != digest:
            return ["its cloud secret was changed, and its pods have other values"]
        return []

    def remove(self, environment: EnvironmentRef, service_id: str | None = None) -> None:
        held = self._held(environment, service_id)
        for secret in held:
            self._requests.delete(secret, self._window)
        # A deletion at once is accepted first and done later.
        left = [secret for secret in held if _there(self._requests.describe(secret.arn))]
        if left:
            blockers = [Blocker("Secret", secret.name, "its deletion is not done yet") for secret in left]
            done = len(held) - len(left)
            raise NotYet(
                "waiting for secrets to be deleted",
                blockers=blockers,
                done=done,
                total=len(held),
                look_again=LOOK_AGAIN_SECONDS,
            )

    def _write(self, service: ServiceRef, secret: Secret | None, text: str, version: str) -> None:
        if secret is None:
            description = f"Variables of service {service.name} in environment {service.environment.name}"
            name = secret_name(service.environment.id, service.id)
            self._requests.create(name, text, version, tags_for(service), description)
            return
        if secret.deleted:
            self._requests.restore(secret)
        if secret.version != version:
            self._requests.replace(secret, text, version)

    def _find(self, service: ServiceRef, fence: int) -> Secret | None:
        """The service's secret, deleted or not. Raises Permanent when that name is taken by another, and Overtaken."""
        secret = self._requests.describe(secret_name(service.environment.id, service.id))
        if secret is None:
            return None
        if secret.owner != (service.environment.id, service.id):
            raise Permanent(
                f"the secret {secret.name} is there already and its tags do not name this service: remove or rename it",
                blockers=[Blocker("Secret", secret.name, "it is not ours")],
            )
        if secret.version is not None and fence_of(secret.version) > fence:
            raise Overtaken(f"the secret of service {service.name} was written by a newer operation")
        return secret

    def _held(self, environment: EnvironmentRef, service_id: str | None) -> list[Secret]:
        """Our secrets, each described anew: a listing lags behind, and its filter matches beginnings only."""
        if service_id is not None:
            candidates = [secret_name(environment.id, service_id)]
        else:
            candidates = [secret.arn for secret in self._requests.listing(names_of(environment))]
        with ThreadPoolExecutor(_THREADS, thread_name_prefix="secrets") as pool:
            found = list(pool.map(self._requests.describe, candidates))
        return [
            secret
            for secret in found
            if secret is not None
            and not secret.deleted
            and secret.owner is not None
            and secret.owner[0] == environment.id
            and secret.name == secret_name(*secret.owner)
        ]


def _there(secret: Secret | None) -> bool:
    return secret is not None and not secret.deleted
