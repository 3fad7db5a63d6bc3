"""The page itself, and the files below it."""

import json
from dataclasses import asdict
from html import escape
from pathlib import Path
from string import Template

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from resolvers.transport.graphiql.assets import CDN, HERE, INSTALLED, Asset, all_assets, are_installed
from resolvers.transport.graphiql.examples import Examples

OURS = ("page.css", "page.js")
NOT_INSTALLED = (
    f"GraphiQL's files come from {CDN}. To have them served from here: "
    "uv run python -m resolvers.transport.graphiql.install"
)
SAFE = {"x-content-type-options": "nosniff", "referrer-policy": "no-referrer"}
ALWAYS_ASKED_FOR = {"cache-control": "no-cache", **SAFE}
NEVER_CHANGED = {"cache-control": "public, max-age=31536000, immutable", **SAFE}


class GraphiQL:
    """Serves a page to read the schema and try the API in.

    Whether GraphiQL's files are in the folder `installed` is seen once, when this is made.
    """

    def __init__(
        self,
        examples: Examples | None = None,
        *,
        title: str = "GraphiQL",
        introspection: bool = True,
        installed: Path = INSTALLED,
    ) -> None:
        self._examples = examples or Examples()
        self._title = title
        self._introspection = introspection
        self._folder = installed
        self._assets = {asset.name: asset for asset in all_assets()}
        self._self_hosted = are_installed(installed)

    def page(self, request: Request) -> Response:
        # Relative: what stands in front of the API may have taken a prefix off the path
        base = request.url.path.rsplit("/", 1)[-1] + "/assets"
        html = Template((HERE / "page.html").read_text()).substitute(
            title=escape(self._title),
            notice="" if self._self_hosted else escape(NOT_INSTALLED),
            settings=self._settings(),
            styles="\n    ".join(self._tags(base, ".css", '<link rel="stylesheet" href="{}"{} />')),
            scripts="\n    ".join(self._tags(base, ".js", '<script defer src="{}"{}></script>')),
        )
        return HTMLResponse(html, headers={"content-security-policy": self._policy(), **ALWAYS_ASKED_FOR})

    def routes(self, path: str) -> list[BaseRoute]:
        """Where the page's files are: below its own path."""
        return [Route(f"{path}/assets/{{name}}", self._file, methods=["GET"])]

    async def _file(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name in OURS:
            return FileResponse(HERE / name, headers=ALWAYS_ASKED_FOR)
        if self._self_hosted and name in self._assets:
            return FileResponse(self._folder / name, headers=NEVER_CHANGED)
        return Response("There is no such file.", 404)

    def _tags(self, base: str, suffix: str, tag: str) -> list[str]:
        theirs = [
            tag.format(self._address(asset, base), f' integrity="{asset.integrity}" crossorigin="anonymous"')
            for asset in self._assets.values()
            if asset.path.endswith(suffix)
        ]
        return theirs + [tag.format(f"{base}/{name}", "") for name in OURS if name.endswith(suffix)]

    def _address(self, asset: Asset, base: str) -> str:
        return f"{base}/{asset.name}" if self._self_hosted else asset.cdn_url

    def _settings(self) -> str:
        settings = {**asdict(self._examples), "introspection": self._introspection}
        return json.dumps(settings).replace("<", "\\u003c")

    def _policy(self) -> str:
        hosts = "'self'" if self._self_hosted else f"'self' {CDN}"
        return (
            f"default-src 'none'; script-src {hosts}; style-src {hosts}; img-src data:; font-src data:; "
            "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        )
