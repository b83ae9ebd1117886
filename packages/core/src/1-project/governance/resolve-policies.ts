// Policy documents, and what the project enables of those that come with cdp → the policies that hold.
import { corePolicies } from '../../entities/core-policies.js'
import { type LabelExpression, type Policy, labelPattern } from '../../entities/governance.js'
import type { DiagnosticLog } from '../../kernel/diagnostic.js'
import { type Json, isJsonArray, isJsonObject } from '../../kernel/json.js'
import { suggestion } from '../../kernel/suggest.js'
import { keyName } from '../check-shape.js'
import type { Placed } from '../placed.js'
import type { Path } from '../read.js'
import type { WrittenPolicy, WrittenProject } from '../written.js'

export interface PoliciesQuestion {
  readonly policies: readonly Placed<WrittenPolicy>[]
  readonly project: Placed<WrittenProject>
  readonly log: DiagnosticLog
}

/** Enabled core policies first, then the project's own in the order of the files. */
export function resolvePolicies({ policies, project, log }: PoliciesQuestion): readonly Policy[] {
  return [...enabledCore(project, policies, log), ...policies.flatMap((each) => resolvePolicy(each, log) ?? [])]
}

function enabledCore(project: Placed<WrittenProject>, own: readonly Placed<WrittenPolicy>[], log: DiagnosticLog): readonly Policy[] {
  const wanted = project.value.governance?.enable ?? []
  for (const [index, name] of wanted.entries()) {
    if (corePolicies.some((each) => each.name === name)) continue
    const isOwn = own.some((each) => each.value.name === name)
    const help = isOwn ? `Policy/${name} is your own: write enabled: true there.` : suggestion(name, corePolicies.map((each) => each.name))
    log.report('project/unknown-reference', { what: 'core policy', name, suggestion: help }, project.spanOf(['governance', 'enable', index]))
  }
  return corePolicies.filter((each) => wanted.includes(each.name)).map((each) => ({ ...each, enabled: true }))
}

function resolvePolicy(placed: Placed<WrittenPolicy>, log: DiagnosticLog): Policy | undefined {
  const { name, description, marketingActions, enabled } = placed.value
  if (corePolicies.some((each) => each.name === name)) log.report('project/duplicate-name', { address: `Policy/${name} comes with cdp, so it` }, placed.spanOf(['name']))
  const deny = readDeny(placed.value.deny, ['deny'], placed, log)
  return deny === undefined ? undefined : { name, description: description ?? '', ...(marketingActions ? { marketingActions } : {}), deny, enabled: enabled ?? true }
}

const isLabel = new RegExp(labelPattern)

function readDeny(written: Json, path: Path, placed: Placed<WrittenPolicy>, log: DiagnosticLog): LabelExpression | undefined {
  if (typeof written === 'string') {
    if (isLabel.test(written)) return written
    log.report('project/bad-value', { key: keyName(path) ?? 'deny', problem: labelProblem(written) }, placed.spanOf(path))
    return undefined
  }
  const [[key, parts] = ['', null], ...more] = isJsonObject(written) ? Object.entries(written) : []
  if ((key !== 'all' && key !== 'any') || more.length > 0 || !isJsonArray(parts) || parts.length === 0) {
    log.report('project/bad-value', { key: keyName(path) ?? 'deny', problem: 'must be a label, { all: [C4, I1] }, or { any: [C2, C12] }' }, placed.spanOf(path))
    return undefined
  }
  const read = parts.map((each, index) => readDeny(each, [...path, key, index], placed, log))
  if (!read.every((each) => each !== undefined)) return undefined
  return key === 'all' ? { all: read } : { any: read }
}

function labelProblem(written: string): string {
  const words = written.trim().split(/\s+(and|or)\s+/)
  const labels = words.filter((_, index) => index % 2 === 0)
  const operators = new Set(words.filter((_, index) => index % 2 === 1))
  if (operators.size === 1 && labels.every((each) => isLabel.test(each))) return `is no label; write { ${operators.has('and') ? 'all' : 'any'}: [${labels.join(', ')}] }`
  return 'must be a label: C1 to C12, I1, I2, S1, S2, PSPD, RHD, or one of your own that starts with x-'
}
