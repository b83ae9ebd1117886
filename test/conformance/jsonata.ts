// Runs the JSONata suite's cases (one per line of a file) over the package, over our closures, and over closures with the
// package behind them, and tells for each which cases come out as they should.
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import jsonata from 'jsonata'
import { toClosure } from '../../packages/core/src/expressions/closure/to-closure.js'
import type { SyntaxNode } from '../../packages/core/src/expressions/syntax-tree.js'
import type { Json } from '../../packages/core/src/kernel/json.js'

export interface Tally {
  agree: number
  disagree: number
  declined: number
  /** Ids of the cases that disagree, and how. */
  readonly differences: Difference[]
}

export interface Difference {
  readonly id: string
  readonly expr: string
  readonly expected: string
  readonly got: string
}

export interface Report {
  readonly cases: number
  readonly reference: Tally
  readonly closure: Tally
  /** The closure, and the reference where the closure declines. */
  readonly closureWithFallback: Tally
  /** How often each reason for declining was given. */
  readonly declinedFor: Readonly<Record<string, number>>
}

interface Case {
  readonly id: string
  readonly expr: string
  readonly data?: Json
  readonly dataset?: string
  readonly bindings?: Readonly<Record<string, unknown>>
  readonly timelimit?: number
  readonly depth?: number
  readonly expected: Readonly<Record<string, unknown>>
  readonly skip?: string
}

type Result = { readonly is: 'value'; readonly value: unknown } | { readonly is: 'error'; readonly error: Readonly<Record<string, unknown>> } | { readonly is: 'declined'; readonly reason: string }

export async function runJsonataCases(casesFile: string, datasetsFolder: string): Promise<Report> {
  const datasets = await readDatasets(datasetsFolder)
  const cases = (await readFile(casesFile, 'utf8')).trim().split('\n').map((line) => JSON.parse(line) as Case).filter((each) => each.skip === undefined)
  const [reference, closure, closureWithFallback] = [newTally(), newTally(), newTally()]
  const declinedFor: Record<string, number> = {}
  for (const each of cases) {
    const inputOf = (): Json | undefined => freshInput(each, datasets)
    const byReference = await runReference(each, inputOf())
    const byClosure = runClosure(each, inputOf())
    count(reference, each, byReference)
    count(closure, each, byClosure)
    count(closureWithFallback, each, byClosure.is === 'declined' ? byReference : byClosure)
    if (byClosure.is === 'declined') declinedFor[byClosure.reason] = (declinedFor[byClosure.reason] ?? 0) + 1
  }
  return { cases: cases.length, reference, closure, closureWithFallback, declinedFor }
}

async function readDatasets(folder: string): Promise<ReadonlyMap<string, string>> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.json'))
  return new Map(await Promise.all(files.map(async (file) => [file.replace(/\.json$/, ''), await readFile(join(folder, file), 'utf8')] as const)))
}

// Each run has its own copy: the reference writes into its input.
function freshInput(each: Case, datasets: ReadonlyMap<string, string>): Json | undefined {
  if ('data' in each) return structuredClone(each.data)
  return each.dataset === undefined ? undefined : (JSON.parse(datasets.get(each.dataset) ?? 'null') as Json)
}

async function runReference(each: Case, input: Json | undefined): Promise<Result> {
  try {
    const expression = jsonata(each.expr)
    if (each.timelimit !== undefined && each.depth !== undefined) limit(expression, each.timelimit, each.depth)
    return { is: 'value', value: await expression.evaluate(input, { ...each.bindings }) }
  } catch (error) {
    return { is: 'error', error: error as Readonly<Record<string, unknown>> }
  }
}

// Limits are the harness's, not the language's: the nesting of evaluation steps, and wall time.
function limit(expression: jsonata.Expression, timeMs: number, deepest: number): void {
  let depth = 0
  const start = Date.now()
  const step = (by: number) => (_node: unknown, _input: unknown, env: { readonly isParallelCall?: boolean }): void => {
    if (env.isParallelCall) return
    depth += by
    if (depth > deepest || Date.now() - start > timeMs) throw Object.assign(new Error('limit'), { code: 'U1001' })
  }
  expression.assign(Symbol.for('jsonata.__evaluate_entry') as unknown as string, step(1))
  expression.assign(Symbol.for('jsonata.__evaluate_exit') as unknown as string, step(-1))
}

function runClosure(each: Case, input: Json | undefined): Result {
  if (each.timelimit !== undefined) return { is: 'declined', reason: 'the case limits the nesting of the reference' }
  let tree: SyntaxNode
  try {
    tree = jsonata(each.expr).ast() as unknown as SyntaxNode
  } catch (error) {
    return { is: 'error', error: error as Readonly<Record<string, unknown>> }
  }
  const closed = toClosure(tree, each.expr)
  if (!closed.accepted) return { is: 'declined', reason: closed.reason }
  const outcome = closed.closure.evaluate(input, { nowMs: Date.now(), vars: {} }, each.bindings)
  return outcome.ok ? { is: 'value', value: outcome.value } : { is: 'error', error: { ...outcome.failure, code: outcome.code, message: outcome.message } }
}

function newTally(): Tally {
  return { agree: 0, disagree: 0, declined: 0, differences: [] }
}

function count(tally: Tally, each: Case, result: Result): void {
  if (result.is === 'declined') {
    tally.declined++
  } else if (isExpected(result, each.expected)) {
    tally.agree++
  } else {
    tally.disagree++
    tally.differences.push({ id: each.id, expr: each.expr, expected: JSON.stringify(each.expected), got: JSON.stringify(result) })
  }
}

function isExpected(result: Result, expected: Case['expected']): boolean {
  if ('code' in expected) return result.is === 'error' && Object.keys(expected).every((key) => isSame(result.error[key], expected[key]))
  if (result.is !== 'value') return false
  return expected['undefinedResult'] ? result.value === undefined : isSame(result.value, expected['result'])
}

/** Deep equality by items, keys and values, whatever else hangs on the reference's lists. */
export function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b) || a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null || Array.isArray(a) !== Array.isArray(b)) return false
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, index) => isSame(item, b[index]))
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && isSame((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]))
}
