"""Using the GraphiQL page as a person does."""

from dataclasses import dataclass

import orjson

from tests.chromium import Chromium, Elsewhere, Page

EXECUTE = "document.querySelector('.graphiql-execute-button')"
RESPONSE = ".graphiql-response"
DOCS = ".graphiql-doc-explorer"


@dataclass
class GraphiQLPage:
    """GraphiQL, open in a tab of the browser."""

    page: Page

    @classmethod
    async def opened(cls, browser: Chromium, url: str, elsewhere: Elsewhere | None = None) -> "GraphiQLPage":
        page = await browser.page()
        await page.open(url, elsewhere)
        return cls(page)

    async def choose(self, title: str) -> None:
        """Opens the example of that name."""
        # Its editors come one after the other; one that is not there yet would stay empty
        await self.page.until("document.querySelector('.graphiql-editor-tool .CodeMirror')")
        name = orjson.dumps(title).decode()
        await self.page.click(
            f"[...document.querySelectorAll('.graphiql-tab-button')].find((tab) => tab.innerText.trim() === {name})"
        )
        # It reads the document a moment later; until then the button would run the one before
        await self.page.until(f"{_DOCUMENT}.operationName === {name}")

    async def run(self) -> None:
        """Presses the button. While a subscription runs, that ends it."""
        await self.page.click(EXECUTE)

    async def until_response(self, wanted: str) -> None:
        """Waits until the response shows the text."""
        await self.page.until_text(RESPONSE, wanted)

    async def until_ended(self) -> None:
        """Waits until the server has completed the subscription."""
        await self.page.until(f"{EXECUTE}.ariaLabel.startsWith('Execute')")

    async def response(self) -> str:
        return await self.page.text(RESPONSE)

    async def variables(self) -> str:
        return await self.page.evaluate(f"{_VARIABLES}.getValue()")

    async def set_variables(self, variables: dict[str, object]) -> None:
        """Replaces the variables of the open example."""
        await self.page.evaluate(f"{_VARIABLES}.setValue({orjson.dumps(orjson.dumps(variables).decode()).decode()})")

    async def enter_token(self, token: str) -> None:
        await self.page.click("document.getElementById('token')")
        await self.page.type(token)
        await self.page.click("document.querySelector('#access button')")

    async def open_docs(self) -> None:
        """Opens the schema's documentation beside the examples."""
        await self.page.click("document.querySelector('[aria-label=\"Show Documentation Explorer\"]')")

    async def follow_docs(self, name: str) -> None:
        """Goes to a type or field that the documentation shows."""
        links = f"[...document.querySelectorAll('{DOCS} a')]"
        await self.page.click(f"{links}.find((link) => link.innerText.trim() === {orjson.dumps(name).decode()})")

    async def until_docs(self, wanted: str) -> None:
        await self.page.until_text(DOCS, wanted)


_DOCUMENT = "document.querySelector('.graphiql-query-editor .CodeMirror').CodeMirror"
_VARIABLES = "document.querySelector('.graphiql-editor-tool .CodeMirror').CodeMirror"
