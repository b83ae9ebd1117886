// Why SQL does not decide a condition for everybody: the smallest parts of it that are not exact, each with its reason.
import type { TextRange } from '../expression.js'
import { type Ir, typeOf } from '../ir.js'
import { allParts, partsOf } from '../ir-parts.js'
import { undecided } from './condition.js'
import { type SqlContext, toTruthSql } from './to-sql.js'

export interface Doubt {
  readonly reason: string
  /** Where the typed form knows it. */
  readonly at?: TextRange
}

/** Empty where SQL decides for everybody. */
export function findDoubts(ir: Ir, context: SqlContext): readonly Doubt[] {
  if (!isDoubtful(ir, context)) return []
  const inside = partsOf(ir).flatMap((each) => findDoubts(each, context))
  const found = inside.length > 0 ? inside : [toDoubt(ir)]
  return [...new Map(found.map((each) => [JSON.stringify(each), each])).values()]
}

/** Of a value the question is whether it is there: what is not sure about it is not sure about that either. */
function isDoubtful(ir: Ir, context: SqlContext): boolean {
  if (ir.kind === 'single') return true
  const asked: Ir = isValue(ir) ? { kind: 'exists', of: ir } : ir
  return undecided(toTruthSql(asked, context)) !== false
}

function isValue(ir: Ir): boolean {
  return ['field', 'id', 'arithmetic', 'join-text', 'call', 'strings-length', 'count', 'aggregate', 'pick'].includes(ir.kind)
}

function toDoubt(ir: Ir): Doubt {
  return ir.kind === 'opaque' ? { reason: ir.reason, at: ir.at } : { reason: reasonOf(ir) }
}

function reasonOf(ir: Ir): string {
  if ('rows' in ir && partsOf(ir).some((each) => [...allParts(each)].some((part) => 'rows' in part))) return 'asks for rows again inside each row'
  if (ir.kind === 'compare') return comparisonReason(ir.left, ir.right)
  if (ir.kind === 'call') return callReasons[ir.name] ?? `$${ir.name} of these values has no SQL form`
  if (ir.kind === 'single') return ir.more === 'fails' ? several : 'there may be several values instead of one'
  return reasons[ir.kind] ?? cannotTell
}

const cannotTell = 'the store cannot tell for every profile'
const several = 'where there are several values instead of one, JSONata fails'

const reasons: Readonly<Partial<Record<Ir['kind'], string>>> = {
  arithmetic: 'an infinite number, or none at all, may come out',
  pick: 'the store may sort these rows otherwise',
  matches: 'the pattern means the same in the store only for ASCII text',
  aggregate: 'adding up in another order may give another number',
}

const caseMapping = 'letters outside ASCII have other capitals in the store'

const callReasons: Readonly<Record<string, string>> = {
  lowercase: caseMapping, uppercase: caseMapping, number: 'where the text is no number, JSONata fails', toMillis: 'where the text is no time, JSONata fails',
}

function comparisonReason(left: Ir, right: Ir): string {
  const [a, b] = [typeOf(left), typeOf(right)]
  if (a !== undefined && b !== undefined && a !== b) return `compares a ${a} with a ${b}, where JSONata fails`
  const parts = [...allParts(left), ...allParts(right)]
  if (parts.some((each) => each.kind === 'call' && (each.name === 'lowercase' || each.name === 'uppercase'))) return caseMapping
  if (parts.some((each) => each.kind === 'aggregate')) return 'adding up in another order may give a number on the other side of the limit'
  if (parts.some((each) => each.kind === 'single')) return several
  if (a === 'string' || b === 'string') return 'the store may order characters outside ASCII otherwise'
  return a === 'boolean' || b === 'boolean' ? 'JSONata fails where yes and no are put in an order' : cannotTell
}
