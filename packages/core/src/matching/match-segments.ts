// Which profiles match which segments. One view of a profile serves all segments that look at it the same way; segments
// that read others come after them and see the results of this very pass.
import type { EntityName, EntitySchema } from '../entities/entity-schema.js'
import type { Expression } from '../expressions/expression.js'
import { toVerdict } from '../expressions/is-true.js'
import { parseExpression } from '../expressions/parse.js'
import type { JsonObject } from '../kernel/json.js'
import { param, sqlText } from '../kernel/sql-text.js'
import type { Connection } from '../stores/store.js'
import type { ProfileView, SegmentMatches, SegmentRule } from './match.js'
import { inDependencyOrder } from './dependency-order.js'
import { readProfileViews } from './profile-view.js'

export interface MatchRequest {
  readonly store: Connection
  readonly entities: Readonly<Record<EntityName, EntitySchema>>
  readonly rules: readonly SegmentRule[]
  /** The one instant of the whole pass. */
  readonly nowMs: number
  /** Uids of all segments by name: the members of those outside `rules` are read from the store. */
  readonly segmentUids: Readonly<Record<string, number>>
}

/** Matches per rule, in the order of the rules. A failing expression fails for its profiles only, and is counted. */
export async function matchSegments(request: MatchRequest): Promise<readonly SegmentMatches[]> {
  const members = new Members(request)
  await members.load(request.rules.flatMap((each) => each.readsSegments))
  const results = new Map<SegmentRule, SegmentMatches>()
  for (const level of inDependencyOrder(request.rules)) {
    const running = level.map((rule) => new RunningRule(rule))
    for (const group of groupByView(running)) await matchGroup(request, group, members)
    for (const each of running) {
      results.set(each.rule, each.toMatches())
      members.set(each.rule, each.ids)
    }
  }
  return request.rules.flatMap((rule) => results.get(rule) ?? [])
}

async function matchGroup(request: MatchRequest, group: readonly RunningRule[], members: Members): Promise<void> {
  const [first] = group
  if (!first) return
  const roots = new Set(group.flatMap((each) => each.expression?.reads.roots.map((root) => root.name) ?? []))
  const ids = unionOfScopes(group)
  const views = readProfileViews(request.store, { entities: request.entities, entity: first.rule.entity, paths: first.rule.paths, roots, ...(ids ? { ids } : {}) })
  for await (const page of views) {
    for (const view of page) for (const each of group) if (each.covers(view.id)) await each.match(view, members.segmentsOf(view.id, each.rule), request.nowMs)
  }
}

class RunningRule {
  readonly ids: number[] = []
  readonly expression: Expression | undefined
  readonly #scope: ReadonlySet<number> | undefined
  readonly #syntaxError: string | undefined
  readonly #errors = new Map<string, number>()
  #evaluated = 0

  constructor(readonly rule: SegmentRule) {
    const parsed = parseExpression(rule.expression)
    this.expression = parsed.ok ? parsed.expression : undefined
    this.#syntaxError = parsed.ok ? undefined : parsed.problems[0]?.code
    this.#scope = rule.scope ? new Set(rule.scope) : undefined
  }

  covers(id: number): boolean {
    return this.#scope?.has(id) ?? true
  }

  async match(view: ProfileView, segments: JsonObject | undefined, nowMs: number): Promise<void> {
    this.#evaluated++
    const root = segments ? { ...view.root, segments } : view.root
    const verdict = this.expression ? toVerdict(await this.expression.evaluate(root, { nowMs, vars: this.rule.vars })) : ({ is: 'error', code: this.#syntaxError ?? 'S0500' } as const)
    if (verdict.is === 'in') this.ids.push(view.id)
    if (verdict.is === 'error') this.#errors.set(verdict.code, (this.#errors.get(verdict.code) ?? 0) + 1)
  }

  toMatches(): SegmentMatches {
    const ids = Int32Array.from(this.ids).sort()
    return { uid: this.rule.uid, ids, evaluated: this.#evaluated, errors: Object.fromEntries([...this.#errors].sort(([a], [b]) => (a < b ? -1 : 1))) }
  }
}

/** Who is in the segments that others read: of this pass where there is a result, else as stored. */
class Members {
  readonly #byName = new Map<string, Set<number>>()

  constructor(private readonly request: MatchRequest) {}

  async load(names: readonly string[]): Promise<void> {
    for (const each of names) if (!this.#byName.has(each)) this.#byName.set(each, await this.stored(each))
  }

  /** Results of a rule with a scope say nothing about the others: those stay as stored. */
  set(rule: SegmentRule, ids: readonly number[]): void {
    const members = this.#byName.get(rule.name)
    if (!members) return
    if (!rule.scope) members.clear()
    for (const id of rule.scope ?? []) members.delete(id)
    for (const id of ids) members.add(id)
  }

  segmentsOf(id: number, rule: SegmentRule): JsonObject | undefined {
    if (rule.readsSegments.length === 0) return undefined
    const found = rule.readsSegments.filter((each) => this.#byName.get(each)?.has(id) === true)
    return Object.fromEntries(found.map((each) => [each, true]))
  }

  private async stored(segment: string): Promise<Set<number>> {
    const uid = this.request.segmentUids[segment]
    if (uid === undefined) return new Set()
    const rows = await this.request.store.rows<{ id: number }>(sqlText`select id from membership where segment = ${param(uid)} and status = 'realized'`)
    return new Set(rows.map((each) => each.id))
  }
}

function groupByView(rules: readonly RunningRule[]): readonly (readonly RunningRule[])[] {
  const groups = new Map<string, RunningRule[]>()
  for (const each of rules) {
    const key = `${each.rule.entity} ${each.rule.paths.accounts} ${each.rule.paths.opportunities}`
    groups.set(key, [...(groups.get(key) ?? []), each])
  }
  return [...groups.values()]
}

function unionOfScopes(group: readonly RunningRule[]): readonly number[] | undefined {
  if (group.some((each) => !each.rule.scope)) return undefined
  return [...new Set(group.flatMap((each) => each.rule.scope ?? []))].sort((a, b) => a - b)
}
