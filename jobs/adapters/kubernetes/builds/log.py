"""The end of a container's log."""

from jobs.adapters.kubernetes.api import Api
from jobs.adapters.kubernetes.objects import Found
from jobs.adapters.kubernetes.refusals import Refused

#: A message is read by people: the end of the log says what went wrong.
_MOST_CHARACTERS = 4000


def log_of(api: Api, pod: Found, container: str, lines: int) -> str:
    """Empty where the container has not begun (400) or its pod is gone (404)."""
    try:
        text = api.text(f"{pod.path}/log", query={"container": container, "tailLines": lines})
    except Refused as refused:
        if refused.code in (400, 404):
            return ""
        raise
    return text.strip()[-_MOST_CHARACTERS:]
