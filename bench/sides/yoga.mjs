// graphql-yoga with graphql-ws, as their documentation sets them up: node yoga.mjs PORT
import { createServer } from 'node:http';
import { GraphQLScalarType } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { createPubSub, createSchema, createYoga } from 'graphql-yoga';
import { WebSocketServer } from 'ws';
import { followed, resolvers, transition, typeDefs } from './memory.mjs';

const events = createPubSub();
const schema = createSchema({
  typeDefs,
  resolvers: {
    DateTime: new GraphQLScalarType({ name: 'DateTime' }),
    ...resolvers,
    Subscription: {
      environmentPhaseChanged: {
        subscribe: (_, { environmentId }) => events.subscribe(environmentId),
        resolve: (event) => event,
      },
    },
  },
});

const yoga = createYoga({ schema, logging: false });
const server = createServer((request, response) => {
  if (request.url.startsWith('/emit/')) {
    events.publish(followed, transition(request.url.slice(6)));
    response.end('{}');
  } else {
    yoga(request, response);
  }
});

useServer(
  {
    execute: (args) => args.rootValue.execute(args),
    subscribe: (args) => args.rootValue.subscribe(args),
    onSubscribe: async (context, _id, params) => {
      const { schema, execute, subscribe, contextFactory, parse, validate } = yoga.getEnveloped({
        ...context,
        req: context.extra.request,
        socket: context.extra.socket,
        params,
      });
      const args = {
        schema,
        operationName: params.operationName,
        document: parse(params.query),
        variableValues: params.variables,
        contextValue: await contextFactory(),
        rootValue: { execute, subscribe },
      };
      const errors = validate(args.schema, args.document);
      return errors.length ? errors : args;
    },
  },
  new WebSocketServer({ server, path: '/graphql' }),
);

server.listen(Number(process.argv[2]), '127.0.0.1');
