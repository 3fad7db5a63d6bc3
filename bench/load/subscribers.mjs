// Follows environments with many WebSockets: node subscribers.mjs PORT COUNT DOCUMENT ID EMIT_URL MODE
// MODE: `same` (one document, one environment), `selections` (as many documents as subscribers), `environments` (as
// many environments), `idle` (one document, and nothing is sent).
// Prints a line when all are subscribed. Then, for each line "EVENTS" that it reads, has that many events sent, each
// when the one before has reached everybody, and prints the milliseconds from the commit (or, where there is none,
// from the request to send) to the last subscriber, as JSON. With "EVENTS MILLISECONDS" it pauses so long after each.
import { get } from 'node:http';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import WebSocket from 'ws';

const [port, count] = process.argv.slice(2, 4).map(Number);
const [document, id, emitUrl, mode] = process.argv.slice(4, 8);

let number = 0;
let waiting = new Set();
let everybody = () => {};

const text = (index) =>
  mode === 'selections' ? document.replace('sequence', `sequence s${index}: sequence`) : document;
// Ids end with twelve zeros; the number of the environment is before them
const followed = (index) =>
  mode === 'environments' ? `env_${String(index).padStart(12, '0')}${'0'.repeat(12)}` : id;

const emit = () =>
  new Promise((resolve, reject) => {
    number += 1;
    const query = mode === 'environments' ? `?environments=${count}` : '';
    get(`${emitUrl}/${number}${query}`, (response) => {
      let body = '';
      response.on('data', (chunk) => (body += chunk));
      response.on('end', () => resolve(JSON.parse(body)));
    }).on('error', reject);
  });

const follow = (index) =>
  new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/graphql`, 'graphql-transport-ws', {
      perMessageDeflate: false,
    });
    const payload = { query: text(index), variables: { id: followed(index) } };
    socket.on('error', reject);
    socket.on('close', (code) => reject(new Error(`closed with ${code}`)));
    socket.on('open', () => socket.send('{"type":"connection_init"}'));
    socket.on('message', (data) => {
      const message = data.toString();
      if (message.includes('"next"')) {
        if (!message.includes('"sequence":')) throw new Error(message);
        if (waiting.delete(index) && waiting.size === 0) everybody();
      } else if (message.includes('connection_ack')) {
        socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload }));
        resolve();
      } else if (message.includes('"error"') || message.includes('"complete"')) {
        throw new Error(message);
      } else if (message.includes('"ping"')) {
        socket.send('{"type":"pong"}');
      }
    });
  });

async function sendOne() {
  waiting = new Set(Array(count).keys());
  let reached;
  const all = new Promise((resolve) => (everybody = () => resolve((reached = process.hrtime.bigint()))));
  const began = process.hrtime.bigint();
  const [{ committed }] = await Promise.all([emit(), all]);
  return Number(reached - BigInt(committed ?? began)) / 1e6;
}

// Servers take subscriptions up in their own time, and some say nothing until there is an event
async function settle() {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    if (await Promise.race([sendOne().then(() => true), sleep(2000 + 20 * count, false)])) return sleep(500);
  }
  throw new Error(`${waiting.size} of ${count} subscribers get no events`);
}

for (let index = 0; index < count; index += 50) {
  const some = Array.from({ length: Math.min(50, count - index) }, (_, offset) => follow(index + offset));
  await Promise.all(some);
}
if (mode === 'idle') await sleep(1000 + 2 * count);
else await settle();
console.log('subscribed');

for await (const line of createInterface({ input: process.stdin })) {
  const [events, pause] = line.split(' ').map(Number);
  const times = [];
  for (let event = 0; event < events; event += 1) {
    times.push(await sendOne());
    if (pause) await sleep(pause);
  }
  times.sort((a, b) => a - b);
  const part = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))];
  console.log(JSON.stringify({ p50: part(0.5), p99: part(0.99) }));
}
process.exit(0);
