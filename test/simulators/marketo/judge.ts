// Adobe's own description of the API as an independent judge of client and simulator: does a request fit an operation, does an answer
// fit what the operation gives. Where the service is known to differ from its description, openapi/README.md says how.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv, type ValidateFunction } from 'ajv'
import type { SimulatedAnswer, SimulatedRequest } from '../http-simulator.js'

interface Parameter {
  readonly name: string
  readonly in: 'query' | 'body' | 'path' | 'header' | 'formData'
  readonly required?: boolean
  readonly type?: string
  readonly items?: { readonly type: string }
  readonly schema?: { readonly $ref: string }
}

interface Operation {
  readonly method: string
  /** The segments of its path; those in braces stand for anything. */
  readonly path: readonly string[]
  readonly parameters: readonly Parameter[]
  readonly answer: string | undefined
}

interface Definition {
  readonly required?: readonly string[]
  readonly properties?: Readonly<Record<string, object>>
}

interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly parameters?: readonly Parameter[]; readonly responses: Readonly<Record<string, { readonly schema?: { readonly $ref: string } }>> }>>>>
  readonly definitions: Readonly<Record<string, Definition>>
}

export interface Judge {
  /** What is wrong with a request; nothing when it is as described. */
  request(request: SimulatedRequest): readonly string[]
  /** What is wrong with the answer that a request got. */
  answer(request: SimulatedRequest, answer: SimulatedAnswer): readonly string[]
}

const token = '/identity/oauth/token'
/** Described in a file of their own, which is not here. */
const assets = '/rest/asset/v1/'
const envelope: Definition = { required: ['requestId', 'success'], properties: { requestId: { type: 'string' }, success: { type: 'boolean' }, errors: { type: 'array', items: { $ref: 'mapi#/definitions/Error' } }, warnings: { type: 'array' }, result: { type: 'array' } } }

let judge: Judge | undefined

/** One for the process: the description is large. */
export function theJudge(): Judge {
  judge ??= openJudge([readDescription('swagger-mapi.json'), readDescription('swagger-identity.json')])
  return judge
}

function openJudge(descriptions: readonly Description[]): Judge {
  const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true, logger: false })
  ajv.addSchema({ $id: 'mapi', definitions: Object.assign({}, ...descriptions.map((each) => relax(each.definitions))) as object })
  const checks = new Map<string, ValidateFunction>()
  const check = (definition: string, value: unknown): readonly string[] => {
    const known = checks.get(definition) ?? ajv.compile(definition === '' ? { type: 'object', ...envelope } : { $ref: `mapi${definition}` })
    checks.set(definition, known)
    return known(value) ? [] : (known.errors ?? []).map((each) => `${each.instancePath === '' ? 'it' : each.instancePath} ${each.message ?? ''} ${JSON.stringify(each.params)}`)
  }
  const operations = descriptions.flatMap(toOperations)
  const find = (request: SimulatedRequest): Operation | undefined => operations.find((each) => each.method === methodOf(request) && fits(each.path, request.path))
  return {
    request(request) {
      if (request.path.startsWith(assets)) return []
      const operation = find(request)
      return operation ? [...checkQuery(operation, queryOf(request)), ...checkBody(operation, request, check)] : ['the description has no such operation']
    },
    answer(request, answer) {
      if (answer.status !== 200 || typeof answer.body !== 'string' || !(answer.headers?.['content-type'] ?? '').includes('json')) return []
      const definition = request.path.startsWith(assets) ? '' : find(request)?.answer
      return definition === undefined ? [] : check(definition, JSON.parse(answer.body))
    },
  }
}

function toOperations({ paths }: Description): readonly Operation[] {
  return Object.entries(paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, { parameters = [], responses }]) => ({
    method: method.toUpperCase(), path: path.split('/'), parameters, answer: responses['200']?.schema?.$ref,
  })))
}

function checkQuery({ path, parameters }: Operation, query: URLSearchParams): readonly string[] {
  const known = new Map(parameters.filter((each) => each.in === 'query').map((each) => [each.name, each]))
  const isOptional = (name: string): boolean => (path.includes('lists') && name === 'id') || (path.includes('members.json') && name === 'filterValues' && query.get('filterType') === 'updatedAt')
  return [
    ...[...new Set(query.keys())].filter((each) => !known.has(each)).map((each) => `the operation has no parameter ${each}`),
    ...[...known.values()].filter((each) => each.required === true && !query.has(each.name) && !isOptional(each.name)).map((each) => `parameter ${each.name} is missing`),
    ...[...known.values()].flatMap((each) => query.getAll(each.name).filter((value) => !isOfType(each, value)).map((value) => `parameter ${each.name}=${value} is not of type ${each.type ?? ''}`)),
  ]
}

function isOfType({ type, items }: Parameter, value: string): boolean {
  const values = type === 'array' ? value.split(',') : [value]
  return (type === 'array' ? items?.type : type) !== 'integer' || values.every((each) => /^-?\d+$/.test(each))
}

function checkBody({ path, parameters }: Operation, request: SimulatedRequest, check: (definition: string, value: unknown) => readonly string[]): readonly string[] {
  const body = parameters.find((each) => each.in === 'body')
  if (methodOf(request) !== request.method || isForm(request)) return []
  if (request.body === '') return body?.required === true && !(path.includes('lists') && request.query.has('id')) ? ['the body is missing'] : []
  if (!body?.schema) return ['the operation has no body']
  try {
    return check(body.schema.$ref, JSON.parse(request.body))
  } catch {
    return ['the body is no JSON']
  }
}

function fits(pattern: readonly string[], path: string): boolean {
  const parts = path.split('/')
  return parts.length === pattern.length && pattern.every((each, index) => fitsSegment(each, parts[index] ?? ''))
}

function fitsSegment(pattern: string, part: string): boolean {
  if (!pattern.startsWith('{')) return part === pattern
  const end = pattern.slice(pattern.indexOf('}') + 1)
  return part.length > end.length && part.endsWith(end)
}

// A query that is too long for an address is sent as a form.
function methodOf({ method, query }: SimulatedRequest): string {
  return method === 'POST' && query.get('_method') === 'GET' ? 'GET' : method
}

function isForm({ headers, path }: SimulatedRequest): boolean {
  return path === token && headers['content-type']?.includes('form') === true
}

function queryOf(request: SimulatedRequest): URLSearchParams {
  return methodOf(request) !== request.method || isForm(request) ? new URLSearchParams(request.body) : request.query
}

function readDescription(file: string): Description {
  return JSON.parse(readFileSync(join(import.meta.dirname, 'openapi', file), 'utf8')) as Description
}

/** As the service is; in return an envelope has nothing that the description does not know. */
function relax(definitions: Description['definitions']): Description['definitions'] {
  return Object.fromEntries(Object.entries(definitions).map(([name, definition]) => {
    const { required = [], properties = {} } = definition
    if (name === 'ResponseOfIdentity') return [name, definition]
    if (name.startsWith('ResponseOf')) return [name, { ...definition, required: ['requestId', 'success'], properties: { ...properties, moreResult: { type: 'boolean' } }, additionalProperties: false }]
    if (name === 'ObjectMetaData') return [name, { ...definition, required: required.filter((each) => each !== 'status') }]
    if (name === 'Attribute') return [name, { ...definition, properties: { ...properties, value: { type: ['string', 'number', 'boolean'] } } }]
    if (name === 'Activity' || name === 'LeadChange') return [name, { ...definition, required: required.filter((each) => each !== 'id') }]
    return [name, definition]
  }))
}
