"""The GraphiQL page."""

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response


class GraphiQL:
    """Serves a page to try the API in."""

    def page(self, _request: Request) -> Response:
        return HTMLResponse("")
