// Opens GraphiQL with a tab for each example. Settings come with the page.
"use strict";

const settings = JSON.parse(document.getElementById("settings").textContent);
const notice = document.getElementById("notice");
const address = new URL(location.pathname, location.href).href;
const examplesStorage = "graphiql:";

/** What says who is asking: a header over HTTP, a parameter of `connection_init` over WebSocket. */
function credentials() {
  const token = sessionStorage.getItem("token");
  return token ? { Authorization: `Bearer ${token}` } : {};
}

/** The data of a query; null where the token is missing or not taken. */
async function ask(query) {
  const response = await fetch(address, {
    method: "POST",
    headers: { "content-type": "application/json", ...credentials() },
    body: JSON.stringify({ query }),
  });
  if (response.status === 401) return null;
  return (await response.json()).data ?? {};
}

/** The value at a path; a negative number counts from a list's end. */
function at(data, path) {
  return path.reduce((value, step) => (Array.isArray(value) ? value.at(step) : value?.[step]), data) ?? undefined;
}

/** The variables with what was found in the places of its names. What was not found stays, and says what to paste. */
function filled(variables, data) {
  let text = JSON.stringify(variables, null, 2);
  for (const [name, path] of Object.entries(settings.places)) {
    const value = at(data, path);
    if (value !== undefined) text = text.replaceAll(JSON.stringify(`<${name}>`), JSON.stringify(value));
  }
  return text;
}

function open(data) {
  const fetcher = GraphiQL.createFetcher({
    url: address,
    subscriptionUrl: address.replace(/^http/, "ws"),
    headers: credentials(),
    wsConnectionParams: credentials(),
    enableIncrementalDelivery: false,
  });
  const defaultTabs = settings.tabs.map(({ document, variables }) => ({
    query: document,
    variables: filled(variables, data),
  }));
  // Without introspection there is no schema to read; undefined means that it is asked for
  const schema = settings.introspection ? undefined : null;
  const element = React.createElement(GraphiQL, {
    fetcher,
    defaultTabs,
    schema,
    defaultEditorToolsVisibility: "variables",
  });
  ReactDOM.createRoot(document.getElementById("graphiql")).render(element);
}

/** In a new page: the one in which it was asked for may still write down what it shows. */
function forgetIfAsked() {
  if (sessionStorage.getItem("anew") === null) return;
  sessionStorage.removeItem("anew");
  Object.keys(localStorage)
    .filter((key) => key.startsWith(examplesStorage))
    .forEach((key) => localStorage.removeItem(key));
}

async function start() {
  forgetIfAsked();
  document.getElementById("token").value = sessionStorage.getItem("token") ?? "";
  const data = settings.lookup ? await ask(settings.lookup).catch(() => ({})) : {};
  if (data === null) notice.textContent = "The API wants to know who is asking: enter a token.";
  else open(data);
}

document.getElementById("access").addEventListener("submit", (event) => {
  event.preventDefault();
  sessionStorage.setItem("token", document.getElementById("token").value.trim());
  location.reload();
});

document.getElementById("reset").addEventListener("click", () => {
  sessionStorage.setItem("anew", "");
  location.reload();
});

start();
