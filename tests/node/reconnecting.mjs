// Has every client of docs/clients.md query, mutate and subscribe at once, cuts all their connections twice and sees
// them come back. Prints what each saw as one JSON object.
// Arguments: the URL, a token, and by client an environment's id and name and the id of a service in it.
import net from "node:net";
import { gql } from "@apollo/client";
import { commitMutation, fetchQuery, requestSubscription } from "relay-runtime";
import { connect as connectApollo } from "./apollo.mjs";
import { follow } from "./follow.mjs";
import { connect as connectEvents } from "./graphql-sse.mjs";
import { connect as connectSocket } from "./graphql-ws.mjs";
import { connect as connectRelay } from "./relay.mjs";
import { connect as connectUrql } from "./urql.mjs";

const [direct, shown, given] = process.argv.slice(2);
const environments = JSON.parse(given);
const { url, cut } = await relayed(new URL(direct));
const token = () => shown;
const QUERY = "query Now($id: ID!) { environment(id: $id) { id phase } }";
const MUTATION = "mutation Destroy($input: DestroyEnvironmentInput!) { destroyEnvironment(input: $input) { __typename } }";
const UPDATE = "mutation ($input: UpdateServiceInput!) { updateService(input: $input) { __typename } }";
const STREAM = `subscription Phases($environmentId: ID!, $after: String) {
  environmentPhaseChanged(environmentId: $environmentId, after: $after) { cursor sequence }
}`;

/** Stands between the clients and the server, and can cut all that goes through. */
async function relayed({ hostname, port, pathname }) {
  const sockets = new Set();
  const server = net.createServer((client) => {
    const upstream = net.connect(port, hostname);
    client.pipe(upstream).pipe(client);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => (sockets.delete(socket), client.destroy(), upstream.destroy()));
    }
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  const cut = () => sockets.forEach((socket) => socket.destroy());
  return { url: `http://127.0.0.1:${server.address().port}${pathname}`, cut };
}

/** How each client asks, changes and follows. `sink` gets data, not results. */
const clients = {
  "graphql-ws": plain(connectSocket(url, token)),
  "graphql-sse": plain(connectEvents(url, token)),
  apollo: apollo(connectApollo(url, token)),
  urql: urql(connectUrql(url, token)),
  relay: relay(connectRelay(url, token)),
};

function plain(client) {
  const once = (query, variables) =>
    new Promise((next, error) => client.subscribe({ query, variables }, { next: ({ data }) => next(data), error, complete() {} }));
  return {
    query: (variables) => once(QUERY, variables),
    mutate: (variables) => once(MUTATION, variables),
    follow: (variables, sink) => follow(client, STREAM, variables, { ...sink, next: ({ data }) => sink.next(data) }),
  };
}

function apollo(client) {
  return {
    query: async (variables) => (await client.query({ query: gql(QUERY), variables })).data,
    mutate: async (variables) => (await client.mutate({ mutation: gql(MUTATION), variables })).data,
    follow: (variables, sink) =>
      client.subscribe({ query: gql(STREAM), variables }).subscribe({ ...sink, next: ({ data }) => sink.next(data) }),
  };
}

function urql(client) {
  return {
    query: async (variables) => (await client.query(QUERY, variables).toPromise()).data,
    mutate: async (variables) => (await client.mutation(MUTATION, variables).toPromise()).data,
    // The end of a stream is the last result once more, with nothing behind it
    follow: (variables, sink) =>
      client
        .subscription(STREAM, variables)
        .subscribe(({ data, hasNext }) => (hasNext ? sink.next(data) : sink.complete())),
  };
}

function relay(environment) {
  return {
    query: (variables) => {
      const field = { ...linked("environment", ["id"], [scalar("id"), scalar("phase")]), concreteType: "Environment" };
      return fetchQuery(environment, compiled("query", "Now", QUERY, ["id"], field), variables).toPromise();
    },
    mutate: (variables) =>
      new Promise((onCompleted, onError) => {
        const field = { ...linked("destroyEnvironment", ["input"], [scalar("__typename")]), concreteType: null };
        const mutation = compiled("mutation", "Destroy", MUTATION, ["input"], field);
        commitMutation(environment, { mutation, variables, onCompleted, onError });
      }),
    follow: (variables, sink) => {
      const fields = linked("environmentPhaseChanged", ["environmentId", "after"], [scalar("cursor"), scalar("sequence")]);
      const subscription = compiled("subscription", "Phases", STREAM, ["environmentId", "after"], fields);
      const callbacks = { onNext: sink.next, onError: sink.error, onCompleted: sink.complete };
      requestSubscription(environment, { subscription, variables, ...callbacks });
    },
  };
}

/** What Relay's compiler makes of an operation. */
function compiled(operationKind, name, text, variables, selection) {
  const argumentDefinitions = variables.map((variable) => ({ defaultValue: null, kind: "LocalArgument", name: variable }));
  const shared = { argumentDefinitions, name, selections: [selection] };
  return {
    kind: "Request",
    fragment: { ...shared, kind: "Fragment", type: operationKind, metadata: null, abstractKey: null },
    operation: { ...shared, kind: "Operation" },
    params: { cacheID: name, id: null, metadata: {}, name, operationKind, text },
  };
}

function scalar(name, variables = []) {
  return { alias: null, args: args(variables), kind: "ScalarField", name, storageKey: null };
}

function linked(name, variables, selections) {
  const field = { alias: null, args: args(variables), kind: "LinkedField", name, plural: false, storageKey: null };
  return { ...field, concreteType: "PhaseTransition", selections };
}

function args(variables) {
  return variables.map((variableName) => ({ kind: "Variable", name: variableName, variableName }));
}

/** Follows an environment. `seen(n)` resolves when so many events came, `ended` when the stream was completed. */
function watch(client, environmentId) {
  const sequences = [];
  const waiting = new Map();
  let complete, error;
  const ended = new Promise((...settle) => ([complete, error] = settle));
  const next = (data) => {
    sequences.push(data.environmentPhaseChanged.sequence);
    waiting.get(sequences.length)?.();
  };
  client.follow({ environmentId }, { next, error, complete });
  const seen = (count) => new Promise((found) => (sequences.length >= count ? found() : waiting.set(count, found)));
  return { sequences, ended, seen };
}

/** Changes an environment, without any of the clients. */
async function update({ serviceId }) {
  const input = { serviceId, configuration: { deployment: { replicas: 2 } } };
  const headers = { "Content-Type": "application/json", Authorization: `Bearer ${token()}` };
  const response = await fetch(direct, { method: "POST", headers, body: JSON.stringify({ query: UPDATE, variables: { input } }) });
  return (await response.json()).data.updateService;
}

const each = (work) =>
  Promise.all(Object.entries(clients).map(([name, client]) => work(name, client, environments[name])));

const streams = {};
const answers = {};

/** Says what was seen: at the end, or when the end does not come. */
function report() {
  const seen = Object.keys(clients).map((name) => [name, { ...answers[name], sequences: streams[name].sequences }]);
  console.log(JSON.stringify(Object.fromEntries(seen)));
  process.exit(0);
}

await each(async (name, client, { id }) => {
  streams[name] = watch(client, id);
  await streams[name].seen(1);
});
setTimeout(report, 30_000);
cut();
await each((name, client, environment) => update(environment));
await each((name) => streams[name].seen(3));
cut();
await each(async (name, client, { id, name: confirmName }) => {
  const { environment } = await client.query({ id });
  const { destroyEnvironment } = await client.mutate({ input: { environmentId: id, confirmName } });
  answers[name] = { query: environment.phase, mutation: destroyEnvironment.__typename };
});
await each((name) => streams[name].seen(5));
await each((name) => streams[name].ended);
report();
