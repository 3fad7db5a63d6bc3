"""What the reference implementations in Node say about the endpoint."""

import json

from tests.node.run import run_script
from tests.resolvers.transport.running import Server


def test_every_audit_of_graphql_http_passes(server: Server) -> None:
    audits = [json.loads(line) for line in run_script("audit.mjs", server.url).splitlines()]

    assert [audit for audit in audits if audit["status"] != "ok"] == []
    assert len({audit["id"] for audit in audits}) == 61
    assert {audit["name"].split()[0] for audit in audits} == {"MUST", "SHOULD", "MAY"}


def test_the_reference_clients_get_queries_mutations_and_subscriptions(server: Server) -> None:
    seen = json.loads(run_script("clients.mjs", server.url, server.websocket_url))

    expected = {
        "query": [{"hello": "Hello world"}],
        "mutation": [{"note": "from node"}],
        "subscription": [{"count": 1}, {"count": 2}, {"count": 3}],
        "endless": {"forever": 1},
    }
    assert seen["sse"] == expected
    assert seen["ws"] == {
        **expected,
        "params": [{"params": "{'token': 't'}"}],
        "invalid": ["GRAPHQL_VALIDATION_FAILED"],
        "broken": ["INTERNAL_SERVER_ERROR"],
    }
