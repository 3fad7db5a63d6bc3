"""GraphQL over HTTP: one request, one response, or a stream of events where that is asked for."""

from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Receive, Scope, Send

from resolvers.transport.answers import JsonAnswer, refusal_answer
from resolvers.transport.bodies import Head, json_body
from resolvers.transport.engine import PreparedOperation
from resolvers.transport.graphiql import GraphiQL
from resolvers.transport.masking import failures_masked
from resolvers.transport.negotiation import EVENT_STREAM, GRAPHQL_JSON, HTML, JSON, preferred
from resolvers.transport.refusals import Code, Refusal, refuse
from resolvers.transport.requests import GraphQLRequest, decoded, request_from, request_from_query_string
from resolvers.transport.service import Service
from resolvers.transport.sse import EventStream

ANSWERS = (JSON, GRAPHQL_JSON, EVENT_STREAM)


class HttpEndpoint:
    """Answers GET and POST of one path."""

    def __init__(self, service: Service, graphiql: GraphiQL | None) -> None:
        self._service = service
        self._graphiql = graphiql

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # Of a header that comes twice, the first; read at once, which takes less than asking Starlette for each
        head: Head = dict(reversed(scope["headers"]))
        accept = b",".join([value for name, value in scope["headers"] if name == b"accept"]).decode("latin-1")
        try:
            with failures_masked():
                respond = await self._response(Request(scope, receive), head, accept)
                await respond(scope, receive, send)
        except Refusal as refusal:
            await refusal_answer(refusal, accept)(scope, receive, send)
        except ClientDisconnect:
            return

    async def _response(self, request: Request, head: Head, accept: str) -> ASGIApp:
        if self._graphiql is not None and _wants_page(request, accept):
            return self._graphiql.page(request)
        if preferred(accept, ANSWERS) is None:
            raise refuse(f"Acceptable answers are {', '.join(ANSWERS)}.", Code.NOT_ACCEPTABLE, 406)
        # First, so that strangers learn nothing of the schema and cost nothing
        caller = await self._service.admit(request, {})
        prepared = await self._prepared(request, head)
        await self._service.throttle(prepared, caller, request, {})
        contexts = self._service.contexts(caller, request, {})
        if _answer_type(prepared, accept) == EVENT_STREAM:
            return EventStream(self._service, prepared, caller, contexts)
        return JsonAnswer(await self._service.engine.execute(prepared, contexts), accept)

    async def _prepared(self, request: Request, head: Head) -> PreparedOperation:
        """The operation asked for. Refused before anything of it is executed."""
        prepared = self._service.engine.prepare(await self._request(request, head))
        if request.method == "GET" and prepared.is_mutation:
            raise refuse("A mutation must be sent with POST.", Code.METHOD_NOT_ALLOWED, 405, allow="POST")
        return prepared

    async def _request(self, request: Request, head: Head) -> GraphQLRequest:
        if request.method == "POST":
            return request_from(decoded(await json_body(head, request.receive, self._service.limits)))
        if request.method == "GET":
            return request_from_query_string(request.scope["query_string"])
        raise refuse("Use GET or POST.", Code.METHOD_NOT_ALLOWED, 405, allow="GET, POST")


def _wants_page(request: Request, accept: str) -> bool:
    asks_nothing = b"query=" not in request.scope["query_string"]
    return request.method == "GET" and asks_nothing and preferred(accept, (*ANSWERS, HTML)) == HTML


def _answer_type(prepared: PreparedOperation, accept: str) -> str:
    """Events where the client likes them best, and for subscriptions wherever it takes them."""
    answer = preferred(accept, (EVENT_STREAM,) if prepared.is_subscription else ANSWERS)
    if answer is None:
        raise refuse(f"A subscription is answered as {EVENT_STREAM}.", Code.NOT_ACCEPTABLE, 406)
    return answer
