// Whom a profile is in Marketo: by e-mail first, then by ECID. An ECID is no filter of Marketo's; the people that the source has seen
// with a profile lead to it. Nobody is ever made here.
import type { Item, JsonObject } from '@cdpkit/core/sdk'
import { type Answer, type MarketoClient, objectsOf, toError } from '../client/client.js'
import { asId, asText, chunksOf } from '../client/wire.js'
import { maxBatch } from '../limits.js'
import type { MatchBy, OnDuplicate } from '../options.js'
import { withEcids } from '../streams/lead-fields.js'
import { once } from '../streams/once.js'

export interface FoundPerson {
  readonly id: number
  readonly updatedAt: string
}

export type Match =
  | { readonly is: 'one'; readonly id: number; /** Everybody with the same identity, the chosen one included. */ readonly all: readonly number[] }
  | { readonly is: 'several'; readonly ids: readonly number[] }
  | { readonly is: 'none'; readonly why: string }

export interface MatchOptions {
  readonly match: readonly MatchBy[]
  readonly onDuplicate: OnDuplicate
  readonly munchkinId: string
}

const rememberedMs = 600_000
/** More people with the same values than this and Marketo refuses to answer: fewer values are asked for. */
const tooMany = '1003'

export class PeopleFinder {
  readonly #byEmail = new Map<string, { readonly people: readonly FoundPerson[]; readonly untilMs: number }>()
  readonly #showsEcids = once(() => this.showsEcids())

  constructor(private readonly client: MarketoClient, private readonly options: MatchOptions) {}

  /** A match for each item, by its key. */
  async find(items: readonly Item[]): Promise<ReadonlyMap<string, Match>> {
    const found = new Map<string, Match>()
    for (const by of this.options.match) {
      const open = items.filter(({ key }) => (found.get(key)?.is ?? 'none') === 'none')
      const matches = by === 'email' ? await this.byEmail(open) : await this.byEcid(open)
      for (const [key, match] of matches) found.set(key, match.is === 'none' ? { ...match, why: [reasonOf(found.get(key)), match.why].filter((each) => each !== '').join('; ') } : match)
    }
    return found
  }

  /** What Marketo does not know any more is asked for again. */
  forget(items: readonly Item[]): void {
    for (const { identities } of items) this.#byEmail.delete(emailOf(identities) ?? '')
  }

  private async byEmail(items: readonly Item[]): Promise<readonly (readonly [string, Match])[]> {
    const askable = items.flatMap(({ identities }) => emailOf(identities) ?? []).filter((each) => findEmailProblem(each) === undefined)
    await this.remember(askable)
    return items.map(({ key, identities }) => {
      const email = emailOf(identities)
      const problem = email === undefined ? 'it has no e-mail address' : findEmailProblem(email)
      return [key, problem === undefined ? this.choose(this.#byEmail.get(email ?? '')?.people ?? [], 'nobody has this e-mail address') : { is: 'none', why: problem }]
    })
  }

  private async remember(emails: readonly string[]): Promise<void> {
    const nowMs = this.client.context.clock.nowMs()
    const unknown = [...new Set(emails)].filter((each) => (this.#byEmail.get(each)?.untilMs ?? 0) <= nowMs)
    for (const chunk of chunksOf(unknown, maxBatch)) {
      const byEmail = new Map<string, FoundPerson[]>(chunk.map((each) => [each, []]))
      for (const person of await this.ask('email', chunk, ['email', 'updatedAt'])) byEmail.get(asText(person['email']).trim().toLowerCase())?.push({ id: asId(person['id']) ?? 0, updatedAt: asText(person['updatedAt']) })
      for (const [email, people] of byEmail) this.#byEmail.set(email, { people, untilMs: nowMs + rememberedMs })
    }
  }

  /** Those of the profile's Marketo records that are there and have the ECID, as far as Marketo shows it. */
  private async byEcid(items: readonly Item[]): Promise<readonly (readonly [string, Match])[]> {
    const candidates = new Map(items.map((each) => [each.key, each.identities['ecid'] === undefined ? [] : leadIdsOf(each.sourceKeys, this.options.munchkinId)]))
    const ids = [...new Set([...candidates.values()].flat())]
    const hasEcids = ids.length > 0 && (await this.#showsEcids())
    const there = new Map<number, JsonObject>()
    for (const chunk of chunksOf(ids, maxBatch)) for (const person of await this.ask('id', chunk.map(String), ['updatedAt', ...(hasEcids ? ['ecids'] : [])])) there.set(asId(person['id']) ?? 0, withEcids(person))
    return items.map(({ key, identities }) => {
      const { ecid } = identities
      const people = (candidates.get(key) ?? []).flatMap((id): readonly FoundPerson[] => {
        const person = there.get(id)
        const shown = person?.['ecids']
        return person && (!Array.isArray(shown) || shown.includes(ecid)) ? [{ id, updatedAt: asText(person['updatedAt']) }] : []
      })
      return [key, this.choose(people, ecid === undefined ? 'it has no ECID' : 'nobody whom the source has seen has this ECID')]
    })
  }

  private async showsEcids(): Promise<boolean> {
    const { result } = await this.client.get({ path: '/rest/v1/leads/describe2.json' })
    return JSON.stringify(result).includes('"ecids"')
  }

  private choose(people: readonly FoundPerson[], none: string): Match {
    const all = people.map((each) => each.id).sort((a, b) => a - b)
    const [lowest] = all
    if (lowest === undefined) return { is: 'none', why: none }
    if (all.length === 1 || this.options.onDuplicate === 'lowestId') return { is: 'one', id: lowest, all }
    if (this.options.onDuplicate === 'error') return { is: 'several', ids: all }
    const latest = [...people].sort((a, b) => (a.updatedAt < b.updatedAt ? 1 : a.updatedAt > b.updatedAt ? -1 : a.id - b.id))[0]
    return { is: 'one', id: latest?.id ?? lowest, all }
  }

  private async ask(filterType: 'email' | 'id', values: readonly string[], fields: readonly string[]): Promise<readonly JsonObject[]> {
    const people: JsonObject[] = []
    for (let token: string | undefined; ; ) {
      const answer: Answer = await this.client.ask({ path: '/rest/v1/leads.json', query: { filterType, filterValues: values.join(','), fields: fields.join(','), batchSize: String(maxBatch), ...(token === undefined ? {} : { nextPageToken: token }) } })
      if (!answer.ok && answer.code === tooMany && values.length > 1) {
        const middle = Math.ceil(values.length / 2)
        return [...(await this.ask(filterType, values.slice(0, middle), fields)), ...(await this.ask(filterType, values.slice(middle), fields))]
      }
      if (!answer.ok) throw toError(answer)
      people.push(...objectsOf(answer.result))
      token = answer.nextPageToken
      if (token === undefined) return people
    }
  }
}

function reasonOf(match: Match | undefined): string {
  return match?.is === 'none' ? match.why : ''
}

function emailOf({ email }: Item['identities']): string | undefined {
  return email?.trim().toLowerCase()
}

// Marketo stores ASCII addresses only, and a comma cannot be quoted in a list of values.
function findEmailProblem(email: string): string | undefined {
  if (email.includes(',')) return 'its e-mail address has a comma'
  return /^[\x21-\x7e]+$/.test(email) ? undefined : 'its e-mail address is not in ASCII, as all of Marketo are'
}

/** Ids of this instance among the keys of a profile: `1001@123-ABC-456.Marketo`. */
export function leadIdsOf(sourceKeys: readonly string[], munchkinId: string): readonly number[] {
  const end = `@${munchkinId}.Marketo`.toLowerCase()
  return sourceKeys.flatMap((each) => (each.toLowerCase().endsWith(end) ? (asId(each.slice(0, each.length - end.length)) ?? []) : []))
}
