// What a code means, before it has happened: its texts with `<name>` where a name or a value would stand.
import { blockCodes } from './block.js'
import type { Params } from './code.js'
import { diagnosticCodes, errorCodes } from './index.js'
import { recordCodes } from './record.js'

export interface CodeDescription {
  readonly code: string
  /** Where one meets it. */
  readonly kind: 'error' | 'warning' | 'failure' | 'block' | 'record' | 'evaluation'
  readonly summary: string
  readonly detail: string
  readonly help: string
  /** Of the command that ends with it. */
  readonly exit?: number
}

/** @example findCode('plan/stale')?.summary // 'The plan is stale' */
export function findCode(code: string): CodeDescription | undefined {
  if (Object.hasOwn(diagnosticCodes, code)) return describeDiagnostic(code as keyof typeof diagnosticCodes)
  if (Object.hasOwn(errorCodes, code)) return describeError(code as keyof typeof errorCodes)
  if (Object.hasOwn(blockCodes, code)) return { code, kind: 'block', summary: blockCodes[code as keyof typeof blockCodes], detail: 'cdp apply refuses the plan; cdp plan tells what to do.', help: '', exit: 4 }
  if (Object.hasOwn(recordCodes, code)) return { code, kind: 'record', summary: recordCodes[code as keyof typeof recordCodes], detail: 'The record is in quarantine; cdp status counts them.', help: '' }
  return undefined
}

export function knownCodes(): readonly string[] {
  return [...Object.keys(diagnosticCodes), ...Object.keys(errorCodes), ...Object.keys(blockCodes), ...Object.keys(recordCodes)]
}

function describeDiagnostic(code: keyof typeof diagnosticCodes): CodeDescription {
  const spec = diagnosticCodes[code]
  return { code, kind: spec.severity, summary: spec.summary, ...texts(spec), ...(spec.severity === 'error' ? { exit: 3 } : {}) }
}

function describeError(code: keyof typeof errorCodes): CodeDescription {
  const spec = errorCodes[code]
  return { code, kind: 'failure', summary: spec.summary, ...texts(spec), exit: spec.exit }
}

function texts(spec: { readonly detail: unknown; readonly help: unknown }): Pick<CodeDescription, 'detail' | 'help'> {
  const placeholders = new Proxy<Record<string, string>>({}, { get: (_, name) => `<${String(name)}>` })
  const help = (spec.help as (params: Params) => string)(placeholders)
  // A help that is made for each mistake anew says nothing before.
  return { detail: (spec.detail as (params: Params) => string)(placeholders), help: help === '<instead>' ? 'docs/guide/segments.md has examples, and what to write instead.' : help }
}
