// A project has at most 5 plugins of its own.
import { isAbsolute } from 'node:path'
import { counting } from '../count-resources.js'
import type { CoreGuardrail } from '../guardrail.js'

export const sdkPrivate: CoreGuardrail = {
  id: 'sdk-private', title: 'Too many private plugins', kind: 'soft', limit: 5, unit: 'plugins', rows: [104], source: 'guardrails for destinations',
  why: 'A connector that lives in one project is maintained by nobody else.',
  fix: 'Put the connectors into one plugin, or publish them.',
  ...counting('plugins of its own', ({ name, plugins }) => plugins.flatMap((each, index) => (isPath(each) ? [{ address: `Project/${name}`, pointer: `/plugins/${String(index)}` }] : [])), 'The project'),
}

/** A plugin that is named by its file is in no registry. */
function isPath(plugin: string): boolean {
  return plugin.startsWith('.') || isAbsolute(plugin)
}
