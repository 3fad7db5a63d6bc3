"""A real Chromium without a window, told what to do over its DevTools protocol. It reaches this machine only."""

import asyncio
import base64
import shutil
import tempfile
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any, cast

import orjson
import pytest
from websockets.asyncio.client import ClientConnection, connect

NAMES = ("chromium", "chromium-browser", "google-chrome")
SECONDS = 30
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1280,1000",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--remote-debugging-port=0",
)

#: The body with which another host would answer; None where it would not.
Elsewhere = Callable[[str], bytes | None]


class Page:
    """One tab. It keeps what was asked of the network, and what went wrong."""

    def __init__(self, browser: "Chromium", session: str) -> None:
        self._browser = browser
        self._session = session
        self._elsewhere: Elsewhere = lambda _url: None
        self._background = set[asyncio.Task[Any]]()
        self.requested: list[str] = []
        self.problems: list[str] = []

    async def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        return await self._browser.call(method, self._session, **parameters)

    async def open(self, url: str, elsewhere: Elsewhere | None = None) -> None:
        """Goes there, and waits until everything is loaded. `elsewhere` answers for the hosts that are not reached."""
        if elsewhere is not None:
            self._elsewhere = elsewhere
            await self.call("Fetch.enable", patterns=[{"urlPattern": "https://*"}])
        await self.call("Page.navigate", url=url)
        await self.until("document.readyState === 'complete' && location.href !== 'about:blank'")

    async def evaluate(self, expression: str) -> Any:
        """The value of a JavaScript expression; a promise is awaited."""
        answer = await self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    async def until(self, condition: str) -> None:
        """Waits until a JavaScript expression is true, wherever the page goes meanwhile."""
        try:
            async with asyncio.timeout(SECONDS):
                # A page has no one event for whatever it shows next
                while not await self.evaluate(f"!!({condition})"):  # noqa: ASYNC110
                    await asyncio.sleep(0.02)
        except TimeoutError:
            shown = await self.evaluate("document.body.innerText")
            raise AssertionError(f"never true: {condition}\n{self.problems}\n{shown}") from None

    async def until_text(self, selector: str, wanted: str) -> None:
        """Waits until the element shows the text."""
        await self.until(f"{_element(selector)}?.innerText.includes({_literal(wanted)})")

    async def text(self, selector: str) -> str:
        return await self.evaluate(f"{_element(selector)}.innerText")

    async def click(self, element: str) -> None:
        """Clicks in the middle of what the JavaScript expression gives, once it is there."""
        await self.until(element)
        await self.evaluate(f"({element}).scrollIntoView({{ block: 'nearest', inline: 'nearest' }})")
        box = await self.evaluate(f"({element}).getBoundingClientRect().toJSON()")
        where = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
        for type_ in ("mousePressed", "mouseReleased"):
            await self.call("Input.dispatchMouseEvent", type=type_, button="left", clickCount=1, **where)

    async def type(self, text: str) -> None:
        """Types into whatever has the focus."""
        await self.call("Input.insertText", text=text)

    async def screenshot(self) -> bytes:
        """What it shows, as PNG."""
        image = await self.call("Page.captureScreenshot", format="png")
        return base64.b64decode(image["data"])

    def heard(self, event: str, parameters: dict[str, Any]) -> None:
        match event:
            case "Network.requestWillBeSent":
                self.requested.append(parameters["request"]["url"])
            case "Network.webSocketCreated":
                self.requested.append(parameters["url"])
            case "Runtime.exceptionThrown":
                self.problems.append(str(parameters["exceptionDetails"]))
            case "Log.entryAdded" if parameters["entry"]["level"] == "error":
                self.problems.append(parameters["entry"]["text"])
            case "Fetch.requestPaused":
                answering = asyncio.create_task(self._answer(parameters["requestId"], parameters["request"]["url"]))
                self._background.add(answering)
                answering.add_done_callback(self._background.discard)
            case _:
                pass

    async def _answer(self, request: str, url: str) -> None:
        body = self._elsewhere(url)
        if body is None:
            await self.call("Fetch.failRequest", requestId=request, errorReason="NameNotResolved")
            return
        headers = {
            "access-control-allow-origin": "*",
            "content-type": "text/css" if url.endswith(".css") else "text/javascript",
        }
        await self.call(
            "Fetch.fulfillRequest",
            requestId=request,
            responseCode=200,
            responseHeaders=[{"name": name, "value": value} for name, value in headers.items()],
            body=base64.b64encode(body).decode(),
        )


class Chromium:
    """A running browser."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self._calls = 0
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._pages: dict[str, Page] = {}

    async def page(self) -> Page:
        """An empty tab."""
        target = await self.call("Target.createTarget", url="about:blank")
        attached = await self.call("Target.attachToTarget", targetId=target["targetId"], flatten=True)
        page = self._pages[attached["sessionId"]] = Page(self, attached["sessionId"])
        for domain in ("Page", "Network", "Runtime", "Log"):
            await page.call(f"{domain}.enable")
        return page

    async def call(self, method: str, session: str | None = None, **parameters: Any) -> dict[str, Any]:
        self._calls += 1
        answer = self._answers[self._calls] = asyncio.get_running_loop().create_future()
        message: dict[str, Any] = {"id": self._calls, "method": method, "params": parameters}
        if session is not None:
            message["sessionId"] = session
        await self._connection.send(orjson.dumps(message).decode())
        return await answer

    async def listen(self) -> None:
        async for text in self._connection:
            message = cast("dict[str, Any]", orjson.loads(text))
            if "method" in message and (page := self._pages.get(message.get("sessionId", ""))):
                page.heard(message["method"], message["params"])
            elif "id" in message and not (answer := self._answers.pop(message["id"])).done():
                if "error" in message:
                    answer.set_exception(AssertionError(message["error"]))
                else:
                    answer.set_result(message["result"])


@asynccontextmanager
async def chromium() -> AsyncGenerator[Chromium]:
    """Runs a browser with a profile of its own until the end of the block. Skips the test where there is none."""
    executable = next(filter(None, map(shutil.which, NAMES)), None)
    if executable is None:
        pytest.skip("there is no Chromium on this machine (Debian: apt-get install chromium)")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = (executable, *FLAGS, f"--user-data-dir={profile}", "about:blank")
        process = await asyncio.create_subprocess_exec(
            *command, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE
        )
        try:
            async with connect(await _address(process), max_size=None) as connection:
                browser = Chromium(connection)
                listening = asyncio.create_task(browser.listen())
                try:
                    yield browser
                finally:
                    listening.cancel()
                    await asyncio.wait([listening])
        finally:
            with suppress(ProcessLookupError):
                process.terminate()
            await process.communicate()


async def _address(process: asyncio.subprocess.Process) -> str:
    """Where the browser listens, as it says when it does."""
    assert process.stderr is not None
    said = b""
    async with asyncio.timeout(SECONDS):
        async for line in process.stderr:
            said += line
            _, found, address = line.decode(errors="replace").partition("DevTools listening on ")
            if found:
                return address.strip()
    raise AssertionError(f"Chromium ended before it listened: {said.decode(errors='replace')}")


def _element(selector: str) -> str:
    return f"document.querySelector({_literal(selector)})"


def _literal(text: str) -> str:
    return orjson.dumps(text).decode()
