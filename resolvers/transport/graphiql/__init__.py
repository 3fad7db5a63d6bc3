"""GraphiQL, served with the API.

    uv run python -m resolvers.transport.graphiql.install

brings its files from npm; the page then asks no other host. Without them the page takes them from a public CDN, by
their hashes, and says so.
"""

from resolvers.transport.graphiql.examples import Example, Examples
from resolvers.transport.graphiql.page import GraphiQL

__all__ = ["Example", "Examples", "GraphiQL"]
