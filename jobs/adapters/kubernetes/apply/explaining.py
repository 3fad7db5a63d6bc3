"""Why the server refuses a write for good, in words that say what to do."""

from collections.abc import Generator
from contextlib import contextmanager

from jobs.adapters.kubernetes.json import JsonObject, metadata, name_of, parts
from jobs.adapters.kubernetes.refusals import Refused
from jobs.errors import Permanent


@contextmanager
def explained(wanted: JsonObject) -> Generator[None]:
    """Around a write of the object: says which it is where the server does not, which fields, and what to do."""
    try:
        yield
    except Refused as refused:
        what = f"{wanted['kind']} {name_of(wanted)}"
        causes = parts(refused.details, "causes")
        if refused.code == 404 or any(cause.get("reason") == "NamespaceTerminating" for cause in causes):
            raise Permanent(
                f"{what} can't be written because somebody has deleted namespace {metadata(wanted)['namespace']}. "
                f"Once it is gone, update the service again: the namespace is then made anew."
            ) from refused
        if refused.code == 422:
            told = (f"{cause.get('field')}: {cause.get('message')}" for cause in causes)
            fields = "; ".join(dict.fromkeys(told))  # the server may say one twice
            raise Permanent(
                f"The cluster refuses {what}: {fields or refused.message}. Change the configuration, or delete the "
                f"service and add it again where the field can't be changed."
            ) from refused
        raise
