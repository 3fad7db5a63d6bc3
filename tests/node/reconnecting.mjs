// Has every client of docs/clients.md query, mutate and subscribe at once, cuts all their connections and sees them
// come back. Prints what each saw as one JSON object.
import { gql } from "@apollo/client";
import { commitMutation, fetchQuery, requestSubscription } from "relay-runtime";
import { connect as connectApollo } from "./apollo.mjs";
import { follow } from "./follow.mjs";
import { connect as connectEvents } from "./graphql-sse.mjs";
import { connect as connectSocket } from "./graphql-ws.mjs";
import { connect as connectRelay } from "./relay.mjs";
import { connect as connectUrql } from "./urql.mjs";

const url = process.argv[2];
const token = () => "t";
const QUERY = "query Hello { hello }";
const MUTATION = "mutation Note($text: String!) { note(text: $text) }";
const STREAM = `subscription Phases($environmentId: ID!, $after: String) {
  environmentPhaseChanged(environmentId: $environmentId, after: $after) { cursor sequence }
}`;

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
    query: () => once(QUERY),
    mutate: (variables) => once(MUTATION, variables),
    follow: (variables, sink) => follow(client, STREAM, variables, { ...sink, next: ({ data }) => sink.next(data) }),
  };
}

function apollo(client) {
  return {
    query: async () => (await client.query({ query: gql(QUERY) })).data,
    mutate: async (variables) => (await client.mutate({ mutation: gql(MUTATION), variables })).data,
    follow: (variables, sink) =>
      client.subscribe({ query: gql(STREAM), variables }).subscribe({ ...sink, next: ({ data }) => sink.next(data) }),
  };
}

function urql(client) {
  return {
    query: async () => (await client.query(QUERY, {}).toPromise()).data,
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
    query: () => fetchQuery(environment, compiled("query", "Hello", QUERY, [], scalar("hello")), {}).toPromise(),
    mutate: (variables) =>
      new Promise((onCompleted, onError) => {
        const mutation = compiled("mutation", "Note", MUTATION, ["text"], scalar("note", ["text"]));
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

/** Asks the server directly, without any of the clients. */
async function ask(query, variables) {
  const headers = { "content-type": "application/json", connection: "close" };
  const response = await fetch(url, { method: "POST", headers, body: JSON.stringify({ query, variables }) });
  return (await response.json()).data;
}

const advance = (environmentId, phase) =>
  ask("mutation ($environmentId: ID!, $phase: String!) { advance(environmentId: $environmentId, phase: $phase) { sequence } }", {
    environmentId,
    phase,
  });
const each = (work) => Promise.all(Object.entries(clients).map(([name, client]) => work(name, client)));

const streams = {};
const answers = {};

/** Says what was seen: at the end, or when the end does not come. */
function report() {
  const seen = Object.keys(clients).map((name) => [name, { ...answers[name], sequences: streams[name].sequences }]);
  console.log(JSON.stringify(Object.fromEntries(seen)));
  process.exit(0);
}

await each((name) => advance(name, "ACTIVE"));
await each(async (name, client) => {
  streams[name] = watch(client, name);
  await streams[name].seen(1);
});
setTimeout(report, 30_000);
await ask("mutation { cut }").catch(() => {});
await each((name) => advance(name, "UPDATING"));
await each((name) => advance(name, "ACTIVE"));
await each((name) => streams[name].seen(3));
await each(async (name, client) => {
  answers[name] = { query: await client.query(), mutation: await client.mutate({ text: `by ${name}` }) };
});
await each((name) => advance(name, "DESTROYED"));
await each((name) => streams[name].seen(4));
await each((name) => streams[name].ended);
report();
