// A resolved project against the guardrails that hold in it: breaches become diagnostics, with the places that the rules named.
import { join, relative } from 'node:path'
import type { Diagnostic, DiagnosticLog, Severity } from '../../kernel/diagnostic.js'
import type { PlacedAddress } from '../../kernel/address.js'
import type { Span } from '../../kernel/span.js'
import type { Breach, BreachPlace, GuardrailKind } from '../../plugins/guardrail.js'
import type { ConnectorRegistry } from '../../plugins/registry.js'
import type { GuardrailOverride, Headroom, Project } from '../project.js'
import type { ResolvedProject } from '../resolve.js'
import { type CoreGuardrail, defaultLimit, limitOf } from './guardrail.js'

export interface GuardrailCheck {
  readonly resolved: ResolvedProject
  /** The project's other sandboxes, and the other projects that are checked with it. Made when a rule asks. */
  readonly findOthers: () => readonly Project[]
  readonly rules: readonly CoreGuardrail[]
  readonly registry: ConnectorRegistry
  readonly log: DiagnosticLog
}

export function checkGuardrails({ resolved, findOthers, rules, registry, log }: GuardrailCheck): void {
  const { project } = resolved
  let all: readonly Project[] | undefined
  const findAll = (): readonly Project[] => (all ??= [project, ...findOthers()])
  for (const rule of rules) {
    const limit = limitOf(rule, project.guardrails)
    if (limit === undefined) continue
    const override = project.guardrails.overrides.find((each) => each.id === rule.id)
    const breaches = rule.check({ project, limit, registry, findAll })
    log.add(breaches.map((breach) => toDiagnostic(rule, breach, { resolved, override })))
  }
}

export function toHeadroom(project: Project, rules: readonly CoreGuardrail[]): readonly Headroom[] {
  return rules.flatMap((rule): readonly Headroom[] => {
    const limit = limitOf(rule, project.guardrails)
    if (limit === undefined || !rule.count) return []
    return [{ guardrail: rule.id, ...rule.count(project), limit }]
  })
}

const severities: Readonly<Record<GuardrailKind, Severity>> = { hard: 'error', soft: 'warning', latency: 'warning', advisory: 'warning' }

interface Checked {
  readonly resolved: ResolvedProject
  readonly override: GuardrailOverride | undefined
}

function toDiagnostic(rule: CoreGuardrail, breach: Breach, { resolved, override }: Checked): Diagnostic {
  const { project } = resolved
  const at = breach.at && findPlace(breach.at, resolved)
  const related = (breach.related ?? []).flatMap(({ text, at: place }) => {
    const found = findPlace(place, resolved)
    return found ? [{ text, at: found }] : []
  })
  return {
    code: `guardrail/${rule.id}`,
    severity: severities[rule.kind],
    params: {},
    text: { summary: rule.title, detail: override ? `${breach.detail} (The limit was ${String(defaultLimit(rule, project.guardrails.profile))} and was changed: ${override.reason}.)` : breach.detail, help: breach.help ?? rule.fix },
    ...(at ? { at } : {}),
    ...(related.length > 0 ? { related } : {}),
  }
}

function findPlace({ address, pointer = '', range, project: other }: BreachPlace, { project, placeInText }: ResolvedProject): Span | undefined {
  const owner = (other as Project | undefined) ?? project
  const places = owner.places[address as PlacedAddress]
  if (range && owner === project && places?.fields[pointer]) return placeInText(address as PlacedAddress, pointer, range)
  const span = nearestPlace(places?.fields ?? {}, pointer) ?? places?.at
  if (!span || owner.folder === project.folder) return span
  return { ...span, file: relative(project.folder, join(owner.folder, span.file)) }
}

/** The place of what was written: of the value itself, or of the part around it when it is a default. */
function nearestPlace(fields: Readonly<Record<string, Span>>, pointer: string): Span | undefined {
  for (let path = pointer; path !== ''; path = path.slice(0, path.lastIndexOf('/'))) if (fields[path]) return fields[path]
  return undefined
}
