// Many-to-one relations are nested at most 3 levels deep.
import type { CoreGuardrail } from '../guardrail.js'
import { type Relation, isManyToOne, placeOf, relationsOf } from '../relations.js'

export const b2bDepth: CoreGuardrail = {
  id: 'b2b-depth', title: 'Relations are nested too deeply', kind: 'hard', limit: 3, unit: 'levels', rows: [42], source: 'guardrails for Real-Time CDP B2B Edition',
  why: 'Every level is a join more for everybody who is evaluated; what lies deeper is never reached.',
  fix: 'Refer to the farther entity directly from a nearer one, or copy the field.',
  check: ({ project: { entities }, limit }) => {
    const relations = relationsOf(entities).filter(isManyToOne)
    const chains = relations.flatMap((each) => chainsFrom([each], relations, limit + 1))
    const byOwn = new Map(chains.flatMap((chain) => chain.filter((each) => each.isOwn).slice(-1).map((own) => [own, chain] as const)))
    return [...byOwn].map(([own, chain]) => ({
      detail: `${[chain[0]?.from.name, ...chain.map((each) => each.to.name)].join(' → ')} is more than ${String(limit)} levels of relations.`,
      at: placeOf(own),
    }))
  },
}

type Chain = readonly Relation[]

/** Chains of a length that begin so; an entity that was passed is not passed again. */
function chainsFrom(chain: Chain, relations: Chain, length: number): readonly Chain[] {
  if (chain.length >= length) return [chain]
  const passed = chain.flatMap((each) => [each.from.name, each.to.name])
  return relations.filter((each) => each.from.name === chain.at(-1)?.to.name && !passed.includes(each.to.name)).flatMap((each) => chainsFrom([...chain, each], relations, length))
}
