"""Volumes, and the objects that hold data."""

import base64

from embedded.kubernetes.admission.defaults.filling import fill
from embedded.kubernetes.objects import Object, made, part

DEFAULT_CLASS = "standard"


def complete_claim(claim: Object) -> None:
    spec = made(claim, "spec")
    fill(spec, volumeMode="Filesystem")
    fill(made(claim, "status"), phase="Pending")


def complete_volume(volume: Object) -> None:
    fill(made(volume, "spec"), persistentVolumeReclaimPolicy="Retain", volumeMode="Filesystem")
    fill(made(volume, "status"), phase="Pending")


def complete_class(storage_class: Object) -> None:
    fill(storage_class, reclaimPolicy="Delete", volumeBindingMode="Immediate")


def complete_secret(secret: Object) -> None:
    fill(secret, type="Opaque")
    plain = secret.pop("stringData", None)
    if plain:
        encoded = {key: base64.b64encode(value.encode()).decode() for key, value in plain.items()}
        secret["data"] = {**part(secret, "data"), **encoded}
