"""Where a build finds its source: repository, ref and paths, so that neither git nor a shell takes them for options."""

import re
from ipaddress import ip_address

from models.names import check_label, quote

_MAX_URL = 2048
_MAX_REF = 255
_MAX_PATH = 1024
_URL = re.compile(
    r"(?P<scheme>[a-z][a-z+.-]*)://(?:(?P<user>[^@/]*)@)?(?P<host>[^/:@\[\]]+|\[[^\]]*\])(?::(?P<port>[^/]*))?/(?P<path>.*)",
    re.IGNORECASE,
)
_SCP = re.compile(r"(?P<user>[^@:/]+)@(?P<host>[^@:/]+):(?P<path>.*)")
_USER = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*", re.ASCII)
_REPOSITORY_PATH = re.compile(r"[A-Za-z0-9._~/+%-]+", re.ASCII)
_REF_REFUSED = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def check_repository(url: str) -> str | None:
    """https://host/path, ssh://user@host/path or user@host:path, without credentials in it."""
    if not url or len(url) > _MAX_URL:
        return f"A repository's address of 1 to {_MAX_URL} characters is needed."
    match = _URL.fullmatch(url) or _SCP.fullmatch(url)
    if match is None:
        return (
            "The repository is not an address that can be cloned: use https://host/path.git, ssh://git@host/path.git "
            "or git@host:path.git."
        )
    parts = match.groupdict()
    return (
        _check_scheme(parts.get("scheme"), parts["user"])
        or _check_server(parts["host"], parts.get("port"))
        or _check_repository_path(parts["path"])
    )


def _check_scheme(scheme: str | None, user: str | None) -> str | None:
    if scheme is not None and scheme not in {"https", "ssh"}:
        return f"The repository is reached by {quote(scheme)}; use https or ssh."
    if scheme == "https" and user is not None:
        return "The repository's address has credentials in it, which would be readable by everybody. Remove them."
    if user is not None and ":" in user:
        return "The repository's address has a password in it, which would be readable by everybody. Remove it."
    if user is not None and not _USER.fullmatch(user):
        return "The user in the repository's address is not a plain name, as git is in git@github.com:acme/web.git."
    return None


def _check_server(host: str, port: str | None) -> str | None:
    if port is not None and not (
        port.isascii() and port.isdecimal() and len(port) <= len("65535") and 0 < int(port) <= 0xFFFF
    ):
        return "The port in the repository's address is not a number from 1 to 65535."
    bare = host.removeprefix("[").removesuffix("]")
    if _is_address(bare):
        return None
    if not host.isascii() or len(host) > 253 or any(check_label(label.lower()) for label in host.split(".")):
        return f"{quote(host)} in the repository's address is not a hostname."
    return None


def _is_address(text: str) -> bool:
    """Without a zone, in which Python takes any characters at all."""
    try:
        ip_address(text)
    except ValueError:
        return False
    return "%" not in text


def _check_repository_path(path: str) -> str | None:
    if not path.strip("/") or path.startswith("-") or not _REPOSITORY_PATH.fullmatch(path):
        return (
            "The path in the repository's address must be letters, digits and . _ ~ / + % -, not empty, and not "
            "begin with '-'."
        )
    return None


def check_ref(ref: str) -> str | None:
    """A branch, tag or commit, by the rules of `git check-ref-format --allow-onelevel`."""
    if not ref or len(ref) > _MAX_REF:
        return f"A ref of 1 to {_MAX_REF} characters is needed: a branch, a tag or a commit."
    if ref.startswith("-"):
        return f"The ref {quote(ref)} begins with '-', which git takes for an option."
    broken = (
        _REF_REFUSED.search(ref) is not None
        or any(part in ref for part in ("..", "@{", "//"))
        or ref == "@"
        or ref.startswith("/")
        or ref.endswith(("/", "."))
        or any(part.startswith(".") or part.endswith(".lock") for part in ref.split("/"))
    )
    if broken:
        return (
            f"{quote(ref)} is no name that git takes for a branch or tag: no spaces, no ~ ^ : ? * [ \\ .. @{{ //, "
            "no '.' or '/' at its ends, no part that begins with '.' or ends with .lock."
        )
    return None


def check_inner_path(path: str) -> str | None:
    """A path that stays inside of the repository."""
    if not path or len(path) > _MAX_PATH:
        return f"A path of 1 to {_MAX_PATH} characters is needed."
    if path.startswith(("/", "~")) or "\\" in path:
        return f"{quote(path)} is not a relative path with '/' between its parts. Give it from the repository's root."
    if ".." in path.split("/"):
        return f"{quote(path)} has '..' in it and may lead out of the repository. Give it from the repository's root."
    if path.startswith("-") or _CONTROL.search(path):
        return f"{quote(path)} begins with '-' or has control characters; rename it."
    return None
