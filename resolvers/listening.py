"""How uvicorn is run for the API process."""

import gc
from contextlib import suppress
from typing import Any

import uvicorn
from starlette.applications import Starlette

from resolvers.settings import ApiSettings
from resolvers.transport import uvicorn_options

#: So many objects more than there were before the garbage collector looks at them.
YOUNG_OBJECTS = 10_000


def listening_options(settings: ApiSettings) -> dict[str, Any]:
    """Keyword arguments for `uvicorn.Config`.

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


class ApiServer(uvicorn.Server):
    """Ends when what its application holds open has ended: it could only say that it failed, to each and every request.

    uvicorn itself goes on, and the process looks alive.
    """

    async def on_tick(self, counter: int) -> bool:
        return await super().on_tick(counter) or self.lifespan.shutdown_event.is_set()


def listen(application: Starlette, settings: ApiSettings) -> bool:
    """Until a signal comes. False: the application has ended by itself. Raises SystemExit when it does not start."""
    # What was imported stays: the collector need not look at it again, which takes tenths of a second each time
    gc.collect()
    gc.freeze()
    # A page of a list makes thousands of objects, which are freed without it: it need not look after each few hundred
    gc.set_threshold(YOUNG_OBJECTS, *gc.get_threshold()[1:])
    server = ApiServer(uvicorn.Config(application, **listening_options(settings)))
    with suppress(KeyboardInterrupt):
        server.run()
    return not server.lifespan.error_occurred
