// Talks to a server with the real graphql-ws and graphql-sse clients; prints what they saw as one JSON object.
import { createClient as createSocketClient } from "graphql-ws";
import { createClient as createEventClient } from "graphql-sse";
import WebSocket from "ws";

const [http, ws] = process.argv.slice(2);

async function all(results) {
  const seen = [];
  for await (const result of results) seen.push(result.data);
  return seen;
}

async function failure(results) {
  try {
    await all(results);
    return "no failure";
  } catch (errors) {
    return Array.isArray(errors) ? errors.map((error) => error.extensions?.code) : String(errors);
  }
}

async function first(results) {
  const { value } = await results.next();
  await results.return();
  return value.data;
}

async function exercise(client) {
  const [query, mutation, subscription, endless] = await Promise.all([
    all(client.iterate({ query: "{ hello }" })),
    all(client.iterate({ query: "mutation ($text: String!) { note(text: $text) }", variables: { text: "from node" } })),
    all(client.iterate({ query: "subscription { count(to: 3) }" })),
    first(client.iterate({ query: "subscription { forever }" })),
  ]);
  return { query, mutation, subscription, endless };
}

const socket = createSocketClient({ url: ws, webSocketImpl: WebSocket, connectionParams: { token: "t" }, retryAttempts: 0 });
const seen = { ws: await exercise(socket) };
seen.ws.params = await all(socket.iterate({ query: "{ params }" }));
seen.ws.invalid = await failure(socket.iterate({ query: "{ nope }" }));
seen.ws.broken = await failure(socket.iterate({ query: "subscription { breaks }" }));
await socket.dispose();

const events = createEventClient({ url: http, retryAttempts: 0 });
seen.sse = await exercise(events);
events.dispose();
console.log(JSON.stringify(seen));
process.exit(0);
