// Sends one request over and over: node http.mjs PORT CONNECTIONS SECONDS BODY
// Each connection sends the next when the answer is whole. `{{50}}` in the body counts from 0 to 49, in 12 digits.
// Prints what was seen, as JSON.
import { connect } from 'node:net';

const [port, connections, seconds] = process.argv.slice(2, 5).map(Number);
const body = process.argv[5];
const head =
  `POST /graphql HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\naccept: application/json\r\n` +
  'content-type: application/json\r\ncontent-length: ';

let sent = 0;
const requestFor = (text) => Buffer.from(`${head}${Buffer.byteLength(text)}\r\n\r\n${text}`);
const same = requestFor(body);
const count = (_, limit) => String(sent % Number(limit)).padStart(12, '0');

function nextRequest() {
  if (!body.includes('{{')) return same;
  sent += 1;
  return requestFor(body.replaceAll(/\{\{(\d+)\}\}/g, count));
}

const times = [];
let failed = 0;
let first = null;

// How long the answer at the start of the buffer is, with its head; null: not all of the head is there
function wholeLength(buffer) {
  const end = buffer.indexOf('\r\n\r\n');
  if (end < 0) return null;
  const text = buffer.latin1Slice(0, end).toLowerCase();
  const length = /content-length: (\d+)/.exec(text);
  if (!length) throw new Error(`no content-length: ${text}`);
  return { head: end + 4, whole: end + 4 + Number(length[1]), ok: text.startsWith('http/1.1 200') };
}

function client(until) {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    socket.setNoDelay(true);
    let chunks = [];
    let received = 0;
    let awaited = null;
    let began;
    const send = () => {
      chunks = [];
      received = 0;
      awaited = null;
      began = process.hrtime.bigint();
      socket.write(nextRequest());
    };
    socket.on('connect', send);
    socket.on('error', reject);
    socket.on('close', resolve);
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      received += chunk.length;
      awaited ??= wholeLength(chunks.length === 1 ? chunk : Buffer.concat(chunks));
      if (awaited === null || received < awaited.whole) return;
      times.push(Number(process.hrtime.bigint() - began) / 1e6);
      if (!awaited.ok) failed += 1;
      first ??= Buffer.concat(chunks).subarray(awaited.head).toString();
      if (Date.now() < until) send();
      else socket.end();
    });
  });
}

const began = process.hrtime.bigint();
const until = Date.now() + seconds * 1000;
await Promise.all(Array.from({ length: connections }, () => client(until)));
const elapsed = Number(process.hrtime.bigint() - began) / 1e9;
times.sort((a, b) => a - b);
const part = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))];
console.log(JSON.stringify({ requests: times.length, failed, seconds: elapsed, p50: part(0.5), p99: part(0.99), first }));
