"""How uvicorn has to be run for the API process."""

from typing import Any

from resolvers.settings import ApiSettings
from resolvers.transport import uvicorn_options


def listening_options(settings: ApiSettings) -> dict[str, Any]:
    """Keyword arguments for `uvicorn.Config` and `uvicorn.run`.

    Nobody but the trusted proxies is believed where a request came from. There is no line for each request: all are
    POST /graphql, and such a line is no JSON where LOG_FORMAT promises it.
    """
    return {
        **uvicorn_options(settings.transport_limits),
        "host": settings.host,
        "port": settings.port,
        "access_log": False,
        "proxy_headers": bool(settings.trusted_proxies),
        "forwarded_allow_ips": list(settings.trusted_proxies),
    }
