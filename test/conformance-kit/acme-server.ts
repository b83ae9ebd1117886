// The system of the connector that can be told to be wrong: people in the order of their changes, and lists of addresses.
import type { ConformanceSetup } from '../../packages/core/src/testing/index.js'
import { clockOf } from '../simulators/clock.js'
import { HttpSimulator, type SimulatedAnswer, type SimulatedRequest, jsonAnswer } from '../simulators/http-simulator.js'
import { emailOf, person } from './people.js'

interface Person {
  readonly id: string
  /** None: deleted. */
  readonly name?: string
  readonly seq: number
}

const key = 'key-of-the-acme'
const pageSize = 2

export async function anAcmeSetup(): Promise<ConformanceSetup> {
  const people = new Map([1, 2, 3, 4, 5].map((each): [string, Person] => [String(each), { id: String(each), name: `Ünï ${String(each)}`, seq: each }]))
  const lists = new Map<string, { readonly name: string; members: readonly string[] }>()
  const isKnown = (email: string): boolean => [...people.keys()].some((each) => emailOf(Number(each)) === email)
  const put = (id: string, name?: string): { readonly stream: string; readonly key: string } => {
    people.set(id, { id, ...(name === undefined ? {} : { name }), seq: Math.max(...[...people.values()].map(({ seq }) => seq)) + 1 })
    return { stream: 'people', key: id }
  }

  const answer = ({ method, path, query, headers, body }: SimulatedRequest): SimulatedAnswer => {
    if (headers.authorization !== `Bearer ${key}`) return { status: 401, body: '{}' }
    const [, area, id = '', action] = path.split('/')
    if (area === 'me') return jsonAnswer(200, {})
    if (area === 'people') return page(Number(query.get('after')))
    const { emails = [], name = '', another = false, twice = false } = (body === '' ? {} : JSON.parse(body)) as { readonly emails?: readonly string[]; readonly name?: string; readonly another?: boolean; readonly twice?: boolean }
    if (area === 'match') return jsonAnswer(200, { done: emails.filter(isKnown) })
    if (method === 'POST' && id === '') return makeList(name, another)
    const list = lists.get(id)
    if (!list) return { status: 404 }
    if (action === undefined) return jsonAnswer(200, list)
    const done = action === 'add' ? emails.filter(isKnown) : emails.filter((each) => list.members.includes(each))
    if (action === 'remove') list.members = list.members.filter((each) => !done.includes(each))
    else list.members = [...list.members, ...done.filter((each) => twice || !list.members.includes(each))]
    return jsonAnswer(200, { done })
  }
  const page = (after: number): SimulatedAnswer => {
    const later = [...people.values()].filter(({ seq }) => seq > after).sort((a, b) => a.seq - b.seq)
    return jsonAnswer(200, { people: later.slice(0, pageSize), more: later.length > pageSize })
  }
  const makeList = (name: string, another: boolean): SimulatedAnswer => {
    const known = another ? undefined : [...lists].find(([, each]) => each.name === name)
    const id = known?.[0] ?? String(lists.size + 1)
    if (!known) lists.set(id, { name, members: [] })
    return jsonAnswer(200, { id, created: !known })
  }

  const server = await new HttpSimulator('2026-11-23T06:00:00.000Z', answer).start()
  return {
    config: { url: server.url, apiKey: { fromEnv: 'ACME_KEY' } }, secrets: { ACME_KEY: key },
    badConfigs: [{ config: { url: server.url, apiKey: 'of nobody' }, pointer: '/apiKey' }, { config: { url: 'http://127.0.0.1:9', apiKey: key }, pointer: '/url' }],
    oldConfigs: [{ url: server.url, token: { fromEnv: 'ACME_KEY' } }], oldCheckpoints: [{ stream: 'people', checkpoint: 3 }],
    clock: clockOf(server), abortWithinMs: 30,
    server: { change: () => put('2', 'Changed'), delete: () => put('3'), addText: (text) => put(String(people.size + 1), text) },
    known: [1, 2, 3].map((each) => person(each)), refused: person(99), close: () => server.close(),
  }
}
