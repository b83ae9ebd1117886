// Only with `create: true`: people whom Marketo does not know are made, with the attributes that the destination's body gives.
import type { Item, Json } from '@cdpkit/core/sdk'
import { type MarketoClient, objectsOf, toError } from '../client/client.js'
import { asId, asList, asObject, asText, chunksOf } from '../client/wire.js'
import { maxBatch } from '../limits.js'

/** Guardrail: so many attributes a destination maps. */
const maxAttributes = 50
const leadExists = '1005'

export type Created = { readonly id: number } | { readonly exists: true } | { readonly refused: string; readonly code: string }

/** By the items' keys; those without an e-mail address cannot be made. */
export async function createPeople(client: MarketoClient, items: readonly Item[]): Promise<ReadonlyMap<string, Created>> {
  const created = new Map<string, Created>()
  const inputs = items.map((item) => ({ item, input: toInput(item) }))
  for (const { item, input } of inputs) if (typeof input === 'string') created.set(item.key, { refused: input, code: 'marketo/cannot-create' })
  const makable = inputs.flatMap(({ item, input }) => (typeof input === 'string' ? [] : [{ item, input }]))
  for (const chunk of chunksOf(makable, maxBatch)) {
    const answer = await client.ask({ method: 'POST', path: '/rest/v1/leads.json', json: { action: 'createOnly', lookupField: 'email', input: chunk.map((each) => each.input) }, timeoutMs: 95_000 })
    if (!answer.ok) throw toError(answer)
    // Results stand in the order of the people.
    for (const [index, record] of objectsOf(answer.result).entries()) {
      const reason = asObject(asList(record['reasons'])[0])
      const id = asId(record['id'])
      const key = chunk[index]?.item.key ?? ''
      created.set(key, asText(reason['code']) === leadExists ? { exists: true } : id === undefined ? { refused: asText(reason['message']) || 'Marketo does not say why', code: `marketo/${asText(reason['code'])}` } : { id })
    }
  }
  return created
}

function toInput({ identities: { email }, payload }: Item): Readonly<Record<string, Json>> | string {
  if (email === undefined) return 'only people with an e-mail address can be made'
  const attributes = Object.entries(asObject(payload)).filter(([, value]) => value !== null)
  const nested = attributes.find(([, value]) => typeof value === 'object')
  if (nested) return `attribute ${nested[0]} is a list or an object; Marketo takes single values`
  if (attributes.length > maxAttributes) return `${String(attributes.length)} attributes; at most ${String(maxAttributes)} may be sent`
  return { ...Object.fromEntries(attributes), email }
}
