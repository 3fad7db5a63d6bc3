"""Serves a side on the port that the command line names."""

import sys
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route


def serve(routes: Sequence[BaseRoute], emit: Callable[[int], Awaitable[None]], **options: Any) -> None:
    """`emit` sends the event of this number to everybody who listens."""

    async def rung(request: Request) -> Response:
        await emit(int(request.path_params["number"]))
        return Response(b"{}")

    app = Starlette(routes=[*routes, Route("/emit/{number:int}", rung)])
    options = {"log_level": "warning", "access_log": False, "proxy_headers": False, "loop": "uvloop", **options}
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), **options)
