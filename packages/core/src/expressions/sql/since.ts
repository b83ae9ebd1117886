// The look-back window of rows: the earliest time at which one of them can still pass.
import type { Ir, Rows } from '../ir.js'
import { mayFail } from '../lowering/may-fail.js'

export interface Since {
  readonly ms: number
  /** Nothing that is asked before the time can fail, so that older rows cannot even do that. */
  readonly isSafe: boolean
  /** It moves with the clock. */
  readonly fromClock: boolean
}

/** Of the events among the rows; undefined when they are read without a limit. */
export function findSince(rows: Rows): Since | undefined {
  const [row, ...others] = rows.scopes
  if (row?.relation !== 'events' || others.length > 0) return undefined
  const conditions = rows.where.flatMap(conjuncts)
  let found: Since | undefined
  let isSafe = true
  for (const each of conditions) {
    const limit = lowerLimit(each)
    if (limit && (!found || limit.ms > found.ms)) found = { ...limit, isSafe }
    if (!limit && mayFail(each)) isSafe = false
  }
  return found
}

function conjuncts(ir: Ir): readonly Ir[] {
  if (ir.kind === 'truth') return conjuncts(ir.of)
  return ir.kind === 'logic' && ir.op === 'and' ? [...conjuncts(ir.left), ...conjuncts(ir.right)] : [ir]
}

type Limit = Pick<Since, 'ms' | 'fromClock'>

function lowerLimit(ir: Ir): Limit | undefined {
  if (ir.kind !== 'compare') return undefined
  if (ir.op === '>' || ir.op === '>=') return limitOf(ir.left, ir.right)
  return ir.op === '<' || ir.op === '<=' ? limitOf(ir.right, ir.left) : undefined
}

function limitOf(time: Ir, limit: Ir): Limit | undefined {
  if (limit.kind !== 'constant') return undefined
  if (isTimestamp(time) && typeof limit.value === 'string') return dated(Date.parse(limit.value), limit.fromClock, /^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d\.\d{3}Z)?$/.test(limit.value))
  if (time.kind === 'call' && time.name === 'toMillis' && time.args[0] && isTimestamp(time.args[0]) && time.args.length === 1 && typeof limit.value === 'number') return dated(Math.floor(limit.value), limit.fromClock, true)
  return undefined
}

function dated(ms: number, fromClock: boolean, isKnownForm: boolean): Limit | undefined {
  return isKnownForm && Number.isFinite(ms) && Math.abs(ms) < 8.64e15 ? { ms, fromClock } : undefined
}

function isTimestamp(ir: Ir): boolean {
  return ir.kind === 'field' && ir.relation === 'events' && ir.field === 'timestamp' && ir.stored === 'timestamp'
}
