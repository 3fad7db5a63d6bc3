"""Image references, after the grammar of `distribution/reference`."""

import re

from models.names import quote

_HOST_PART = r"(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])"
_DOMAIN = re.compile(rf"(?:{_HOST_PART}(?:\.{_HOST_PART})*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?", re.ASCII)
_PATH_PART = re.compile(r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*", re.ASCII)
_TAG = re.compile(r"\w[\w.-]{0,127}", re.ASCII)
_DIGEST_LENGTHS = {"sha256": 64, "sha384": 96, "sha512": 128}
_HEX = re.compile(r"[0-9a-f]+", re.ASCII)
_MAX_NAME = 255
_MAX_REFERENCE = 1024
_ID_LENGTH = 64


def check_image(reference: str) -> str | None:
    """What is wrong with an image to run."""
    if not reference:
        return "An image is needed, for example ghcr.io/acme/web:1.4.0."
    if len(reference) > _MAX_REFERENCE:
        return f"The image reference has {len(reference)} characters; at most {_MAX_REFERENCE} are allowed."
    name, _, digest = reference.partition("@")
    name, tag = _split_tag(name)
    problem = (
        _check_name(name)
        or (_check_tag(tag) if tag is not None else None)
        or (_check_digest(digest) if "@" in reference else None)
    )
    return f"{quote(reference, 120)} is not an image reference: {problem}." if problem else None


def check_push_target(reference: str) -> str | None:
    """What is wrong with an image to push a build to."""
    if "@" in reference:
        return f"{quote(reference, 120)} has a digest, which only exists after the build: give a name, or name and tag."
    return check_image(reference)


def _split_tag(name: str) -> tuple[str, str | None]:
    head, colon, tail = name.rpartition(":")
    return (head, tail) if colon and "/" not in tail and "]" not in tail else (name, None)


def _check_name(name: str) -> str | None:
    if len(name) > _MAX_NAME:
        return f"its name has {len(name)} characters, at most {_MAX_NAME} are allowed"
    if len(name) == _ID_LENGTH and _HEX.fullmatch(name):
        return "it is an image id; give a name"
    parts = name.split("/")
    if len(parts) > 1 and _is_domain(parts[0]):
        if not _DOMAIN.fullmatch(parts[0]):
            return f"{quote(parts[0])} is not a registry's host"
        if ":" in parts[0] and not _is_port(parts[0]):
            return f"{quote(parts[0])} has no valid port"
        parts = parts[1:]
    return next((_path_problem(part) for part in parts if not _PATH_PART.fullmatch(part)), None)


def _path_problem(part: str) -> str:
    if part.lower() != part:
        return f"{quote(part)} has capital letters; write it in lower case"
    return f"{quote(part)} may have lower-case letters, digits, and single '.', '_' or '-' between them"


def _is_domain(part: str) -> bool:
    """Whether the first part names a registry rather than a folder on Docker Hub."""
    return "." in part or ":" in part or part == "localhost" or part.lower() != part


def _is_port(domain: str) -> bool:
    port = domain.rpartition(":")[2]
    return "]" in port or (port.isdecimal() and len(port) <= len("65535") and 0 < int(port) <= 0xFFFF)


def _check_tag(tag: str) -> str | None:
    if _TAG.fullmatch(tag):
        return None
    return f"the tag {quote(tag)} must be 1 to 128 letters, digits, '_', '.' or '-' and not begin with '.' or '-'"


def _check_digest(digest: str) -> str | None:
    algorithm, _, value = digest.partition(":")
    length = _DIGEST_LENGTHS.get(algorithm)
    if length is None or len(value) != length or not _HEX.fullmatch(value):
        return f"the digest {quote(digest)} must be sha256: and 64 hexadecimal digits in lower case"
    return None
