"""The requests to Secrets Manager, and nothing of what they are for."""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jobs.adapters.aws import Expected, calling, guarded_by
from jobs.adapters.secrets_manager.names import owner_in
from jobs.ports import Guard

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_secretsmanager.type_defs import TagTypeDef

CURRENT = "AWSCURRENT"
#: On the version that is about to become the current one: a version must carry a label.
NEXT = "PHASELINE"
#: What is told when the secret is not, or no longer, what the request took it for.
MOVED = ("InvalidRequestException", "InvalidParameterException", "ResourceExistsException", "ResourceNotFoundException")


class Moved(Exception):
    """The secret is not what it was a moment ago, or the request is wrong: look again.

    `invalid`: what AWS says of a version that is no longer the current one, and of any parameter it does not like.
    """

    def __init__(self, message: str, *, invalid: bool) -> None:
        super().__init__(message)
        self.invalid = invalid


@dataclass(frozen=True)
class Secret:
    #: With the characters that AWS adds to the name: another secret of the same name has another.
    arn: str
    name: str
    #: The ids of the environment and the service by its tags; None when it is not one of ours.
    owner: tuple[str, str] | None
    deleted: bool
    #: The id of the current version; None when it has none.
    version: str | None = None


class Requests:
    def __init__(self, client: "SecretsManagerClient", guard: Guard = lambda: None) -> None:
        self._client = client
        self._guard = guard

    def under(self, guard: Guard) -> "Requests":
        return Requests(self._client, guard)

    def describe(self, id_: str) -> Secret | None:
        try:
            with calling(f"DescribeSecret of {id_}", expected=["ResourceNotFoundException"]):
                found = self._client.describe_secret(SecretId=id_)
        except Expected:
            return None
        stages = found.get("VersionIdsToStages", {})
        current = next((version for version, labels in stages.items() if CURRENT in labels), None)
        owner = owner_in(found.get("Tags", ()))
        return Secret(found["ARN"], found["Name"], owner, "DeletedDate" in found, current)

    def listing(self, prefix: str) -> Iterator[Secret]:
        """Secrets whose names begin with the prefix and whose deletion is not scheduled."""
        with calling(f"ListSecrets of {prefix}*"):
            pages = self._client.get_paginator("list_secrets").paginate(
                Filters=[{"Key": "name", "Values": [prefix]}], PaginationConfig={"PageSize": 100}
            )
            found = [entry for page in pages for entry in page["SecretList"]]
        for entry in found:
            deleted = "DeletedDate" in entry
            yield Secret(entry.get("ARN", ""), entry.get("Name", ""), owner_in(entry.get("Tags", ())), deleted)

    def create(self, name: str, text: str, version: str, tags: "list[TagTypeDef]", description: str) -> None:
        """Raises Moved when there is one of that name, or one is being deleted."""
        with self._moving(f"CreateSecret of {name}"):
            self._client.create_secret(
                Name=name, SecretString=text, ClientRequestToken=version, Tags=tags, Description=description
            )

    def restore(self, secret: Secret) -> None:
        with self._moving(f"RestoreSecret of {secret.name}"):
            self._client.restore_secret(SecretId=secret.arn)

    def replace(self, secret: Secret, text: str, version: str) -> None:
        """Makes a new version the current one if the current one is still that of `secret`; else raises Moved."""
        with self._moving(f"PutSecretValue of {secret.name}"):
            self._client.put_secret_value(
                SecretId=secret.arn, SecretString=text, ClientRequestToken=version, VersionStages=[NEXT]
            )
        if secret.version is None:
            return
        with self._moving(f"UpdateSecretVersionStage of {secret.name}"):
            self._client.update_secret_version_stage(
                SecretId=secret.arn, VersionStage=CURRENT, RemoveFromVersionId=secret.version, MoveToVersionId=version
            )

    def delete(self, secret: Secret, recovery_window_days: int | None) -> None:
        """Schedules the deletion, or deletes at once where there is no window. Nothing happens when it is gone."""
        try:
            with (
                guarded_by(self._guard),
                calling(
                    f"DeleteSecret of {secret.name}", expected=["ResourceNotFoundException", "InvalidRequestException"]
                ),
            ):
                if recovery_window_days is None:
                    self._client.delete_secret(SecretId=secret.arn, ForceDeleteWithoutRecovery=True)
                else:
                    self._client.delete_secret(SecretId=secret.arn, RecoveryWindowInDays=recovery_window_days)
        except Expected:
            return

    @contextmanager
    def _moving(self, what: str) -> Generator[None]:
        try:
            with guarded_by(self._guard), calling(what, expected=MOVED):
                yield
        except Expected as told:
            raise Moved(f"{what}: {told}", invalid=told.code == "InvalidParameterException") from None
