"""Moto's models on disk: moto forgets everything at exit.

The whole state is one JSON file, replaced as a whole when a request changed something. It is small (a record set or a
secret takes some hundred bytes), and unlike a journal it needs neither replay, nor stable ids, nor compaction.
"""

import json
import os
from pathlib import Path
from typing import Any

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.route53.models import ChangeList, DelegationSet, FakeZone, RecordSet, Route53Backend, route53_backends
from moto.secretsmanager.models import FakeSecret, SecretsManagerBackend, secretsmanager_backends

CLASS = "$class"
#: What may stand in the file. Nothing else is ever made from it.
CLASSES: dict[str, type[Any]] = {kind.__name__: kind for kind in (DelegationSet, FakeZone, RecordSet, FakeSecret)}


class AwsState:
    def __init__(self, file: Path) -> None:
        self._file = file
        self._saved = ""
        if file.exists():
            self._saved = file.read_text()
            self._restore(json.loads(self._saved, object_hook=_decode))

    def ensure_zone(self, domain: str) -> str:
        """The id of the domain's public hosted zone, created if it is missing."""
        name = domain.rstrip(".") + "."
        zone = _route53().get_hosted_zone_by_name(name) or _route53().create_hosted_zone(name, private_zone=False)
        self.save()
        return zone.resource_id

    def save(self) -> None:
        """Writes the state if it has changed. It survives a kill -9 and a crash of the machine."""
        _forget_history()
        state = {
            "zones": _route53().zones,
            "secrets": {region: dict(backend.secrets) for region, backend in _secret_backends().items()},
        }
        text = json.dumps(state, default=_encode)
        if text == self._saved:
            return
        fresh = self._file.with_suffix(".new")
        with open(fresh, "w", opener=lambda path, flags: os.open(path, flags, 0o600)) as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        fresh.replace(self._file)
        self._saved = text

    def _restore(self, state: dict[str, Any]) -> None:
        _route53().zones.update(state["zones"])
        for region, secrets in state["secrets"].items():
            secretsmanager_backends[DEFAULT_ACCOUNT_ID][region].secrets.update(secrets)


def _route53() -> Route53Backend:
    return route53_backends[DEFAULT_ACCOUNT_ID]["aws"]


def _secret_backends() -> dict[str, SecretsManagerBackend]:
    return secretsmanager_backends[DEFAULT_ACCOUNT_ID]


def _forget_history() -> None:
    """Moto keeps every change ever made to a zone, and lets a DELETE name any of them.

    What is there now is all it needs; and a DELETE with a stale value is then refused, as on AWS.
    """
    for zone in _route53().zones.values():
        zone.rr_changes = ChangeList()
        for record in zone.rrsets:
            zone.rr_changes.append({"Action": "CREATE", "ResourceRecordSet": _as_requested(record)})


def _as_requested(record: RecordSet) -> dict[str, Any]:
    fields = {"Name": record.name, "Type": record.type, "AliasTarget": record.alias_target}
    if record.records:
        fields |= {"TTL": record.ttl, "ResourceRecords": record.resource_records}
    return {name: value for name, value in fields.items() if value is not None}


def _encode(thing: Any) -> dict[str, Any]:
    name = type(thing).__name__
    if name not in CLASSES:
        raise TypeError(f"{name} has no place in the state of the embedded AWS")
    return {CLASS: name, **{key: value for key, value in thing.__dict__.items() if key != "rr_changes"}}


def _decode(fields: dict[str, Any]) -> Any:
    name = fields.pop(CLASS, None)
    if name is None:
        return fields
    thing: Any = object.__new__(CLASSES[name])
    thing.__dict__.update(fields)
    return thing
