"""Short names for versions of a template."""

import hashlib

import orjson

from embedded.kubernetes.objects import Object

#: As Kubernetes encodes hashes: no vowels, so that no words come out.
_ALPHABET = "bcdfghjklmnpqrstvwxz2456789"


def short_hash(thing: Object) -> str:
    digest = hashlib.sha256(orjson.dumps(thing, option=orjson.OPT_SORT_KEYS)).digest()
    return "".join(_ALPHABET[byte % len(_ALPHABET)] for byte in digest[:10])
