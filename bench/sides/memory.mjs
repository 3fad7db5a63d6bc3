// The data and resolvers of the sides on Node: what bench/sides/memory.py is for those on Python.
import { readFileSync } from 'node:fs';

export const typeDefs = readFileSync(new URL('./schema.graphql', import.meta.url), 'utf8');

const pad = (number, places) => String(number).padStart(places, '0');
const newId = (prefix, number, index = 0) => `${prefix}_${pad(number, 12)}${pad(index, 12)}`;

const service = (environment, index) => ({
  id: newId('svc', environment, index),
  name: `service-${pad(index, 4)}`,
  kind: 'APPLICATION',
  status: 'RUNNING',
  statusReason: null,
  revision: 3,
});

const environment = (number) => ({
  id: newId('env', number),
  name: `environment-${pad(number, 4)}`,
  namespace: `phaseline-environment-${pad(number, 4)}`,
  phase: 'ACTIVE',
  phaseReason: null,
  protected: false,
  createdAt: '2026-01-31T12:00:00.000000Z',
  allServices: Array.from({ length: 20 }, (_, index) => service(number, index)),
});

const environments = Array.from({ length: 50 }, (_, number) => environment(number));
const byId = new Map(environments.map((one) => [one.id, one]));

export const followed = newId('env', 0);

export const transition = (number) => ({
  sequence: Number(number),
  cursor: `${followed}:${number}`.padEnd(88, '='),
  previous: 'UPDATING',
  phase: 'ACTIVE',
  reason: null,
  at: '2026-01-31T12:00:00.000000Z',
});

export const resolvers = {
  Query: {
    environment: (_, { id }) => byId.get(id) ?? null,
    environments: (_, { first }) => ({ nodes: environments.slice(0, first) }),
  },
  Environment: {
    services: ({ allServices }, { first }) => ({ nodes: allServices.slice(0, first) }),
  },
};
