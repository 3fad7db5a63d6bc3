// mercurius on fastify: node mercurius.mjs PORT [jit]
import Fastify from 'fastify';
import { GraphQLScalarType } from 'graphql';
import mercurius from 'mercurius';
import { followed, resolvers, transition, typeDefs } from './memory.mjs';

const app = Fastify();

app.register(mercurius, {
  schema: typeDefs,
  jit: process.argv[3] === 'jit' ? 1 : 0,
  subscription: true,
  resolvers: {
    DateTime: new GraphQLScalarType({ name: 'DateTime' }),
    ...resolvers,
    Subscription: {
      environmentPhaseChanged: {
        subscribe: (_, { environmentId }, { pubsub }) => pubsub.subscribe(environmentId),
      },
    },
  },
});

app.get('/emit/:number', async (request) => {
  const environmentPhaseChanged = transition(request.params.number);
  await app.graphql.pubsub.publish({ topic: followed, payload: { environmentPhaseChanged } });
  return {};
});

app.listen({ port: Number(process.argv[2]), host: '127.0.0.1' });
