"""How uvicorn has to be run for the API process."""

from typing import Any

from resolvers.settings import ApiSettings
from resolvers.transport import uvicorn_options


def listening_options(settings: ApiSettings) -> dict[str, Any]:
    """Keyword arguments for `uvicorn.Config` and `uvicorn.run`.

    Nobody but the trusted proxies is believed where a request came from.
    """
    return {
        **uvicorn_options(settings.transport_limits),
        "host": settings.host,
        "port": settings.port,
        "proxy_headers": bool(settings.trusted_proxies),
        "forwarded_allow_ips": list(settings.trusted_proxies),
    }
