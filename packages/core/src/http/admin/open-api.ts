// The OpenAPI document, made of the routes: what is told is what is checked.
import type { Json, JsonObject } from '../../kernel/json.js'
import type { AdminRoute } from './route.js'
import { routes } from './routes.js'
import { problem } from './shapes.js'

const refusals = { 400: 'The request is not as described.', 401: 'The token is missing or unknown.', 403: 'The role of the token is not enough.', 404: 'It does not exist.', 409: 'It cannot be done now.', 413: 'The body is too large.', 500: 'A fault of cdp.' } as const

export function toOpenApi(): JsonObject {
  const paths: Record<string, Record<string, Json>> = {}
  for (const route of routes) (paths[pathOf(route)] ??= {})[route.method.toLowerCase()] = toOperation(route)
  return {
    openapi: '3.1.0',
    info: { title: 'cdp admin API', version: '1', description: 'What a daemon tells of its sandbox and takes from its operators: cdp serve --admin. Tokens are made with cdp tokens create; each role may do what those before it may: read, write, admin.', license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    servers: [{ url: 'http://127.0.0.1:8181', description: 'Where it listens unless told.' }],
    security: [{ token: [] }],
    paths,
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer', description: 'A value of cdp tokens create.' } },
      schemas: { Problem: problem },
      responses: Object.fromEntries(Object.entries(refusals).map(([status, description]) => [status, { description, content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } }])),
    },
  }
}

function pathOf({ path }: AdminRoute): string {
  return path.replaceAll(/:(\w+)/g, '{$1}')
}

function toOperation({ name, summary, role, status, params, query, body, gives }: AdminRoute): JsonObject {
  const parameters = [
    ...Object.entries(params ?? {}).map(([each, schema]) => ({ name: each, in: 'path', required: true, schema })),
    ...Object.entries(query ?? {}).map(([each, schema]) => ({ name: each, in: 'query', required: false, schema })),
  ]
  return {
    operationId: name,
    summary,
    description: `Needs a token with the role ${role}.`,
    'x-role': role,
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(body ? { requestBody: { required: true, content: { 'application/json': { schema: body } } } } : {}),
    responses: {
      [String(status ?? 200)]: { description: 'Done.', content: { 'application/json': { schema: gives } } },
      ...Object.fromEntries(Object.keys(refusals).map((each) => [each, { $ref: `#/components/responses/${each}` }])),
    },
  }
}
