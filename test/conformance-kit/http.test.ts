// The HTTP destination conforms, against a receiver that keeps to its contract (docs/guide/http-destination.md).
import type { Item } from '../../packages/core/src/plugins/sdk.js'
import { type ConformanceSetup, connectorConformance } from '../../packages/core/src/testing/index.js'
import { httpConnector } from '../../packages/plugin-destination-http/src/destination.js'
import { clockOf } from '../simulators/clock.js'
import { HttpSimulator, type SimulatedAnswer, type SimulatedRequest, jsonAnswer } from '../simulators/http-simulator.js'
import { person } from './people.js'

interface Sent {
  readonly operation: 'upsert' | 'remove'
  readonly items: readonly { readonly key: string; readonly record: { readonly email?: string; readonly bad?: boolean } | null }[]
}

const refused: Item = person(9, { payload: { bad: true } })

connectorConformance(httpConnector, async (): Promise<ConformanceSetup> => {
  const members = new Set<string>()
  const take = ({ body }: SimulatedRequest): SimulatedAnswer => {
    if (body === '') return { status: 404 }
    const { operation, items } = JSON.parse(body) as Sent
    const results = items.map(({ key, record }) => {
      if (record?.bad === true) return { key, status: 'rejected', code: 'bad' }
      if (operation === 'upsert') members.add(String(record?.email))
      else members.delete(String(record?.email))
      return { key, status: 'ok' }
    })
    return jsonAnswer(200, { results })
  }
  const receiver = await new HttpSimulator('2026-11-23T06:00:00.000Z', take).start()
  return {
    config: { url: receiver.url, auth: { bearer: { fromEnv: 'HOOK_TOKEN' } }, signing: { secret: { fromEnv: 'HOOK_SECRET' } } },
    secrets: { HOOK_TOKEN: 'token-of-the-hook', HOOK_SECRET: `whsec_${Buffer.from('a secret of the signature').toString('base64')}` },
    badConfigs: [{ config: { url: 'http://127.0.0.1:9/' }, pointer: '/url' }],
    clock: clockOf(receiver), known: [1, 2, 3].map((each) => person(each)), refused, server: { members: () => [...members] }, close: () => receiver.close(),
  }
})
