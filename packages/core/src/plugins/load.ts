// The plugins that a project names, from the project's own node_modules or folder; never scanned, never global.
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { isAbsolute, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Guardrail } from './guardrail.js'
import type { Connector, Plugin } from './sdk.js'

export interface PluginProblem {
  readonly plugin: string
  readonly reason: string
}

export interface LoadedPlugins {
  readonly connectors: readonly Connector[]
  readonly guardrails: readonly Guardrail[]
  readonly problems: readonly PluginProblem[]
}

/** Loads each plugin; one that cannot be loaded is a problem with its reason and does not keep the others away. */
export async function loadPlugins(names: readonly string[], folder: string): Promise<LoadedPlugins> {
  const results = await Promise.all(names.map((name) => loadPlugin(name, folder)))
  return {
    connectors: results.flatMap((each) => ('plugin' in each ? each.plugin.connectors : [])),
    guardrails: results.flatMap((each) => ('plugin' in each ? (each.plugin.guardrails ?? []) : [])),
    problems: results.flatMap((each) => ('problem' in each ? [each.problem] : [])),
  }
}

async function loadPlugin(name: string, folder: string): Promise<{ readonly plugin: Plugin } | { readonly problem: PluginProblem }> {
  const file = findFile(name, folder)
  if (file === undefined) return { problem: { plugin: name, reason: name.startsWith('.') ? 'there is no such file' : `it is not installed: npm install ${name}` } }
  try {
    const loaded = (await import(pathToFileURL(file).href)) as { readonly plugin?: unknown }
    return isPlugin(loaded.plugin) ? { plugin: loaded.plugin } : { problem: { plugin: name, reason: 'it exports no plugin (export const plugin = definePlugin({…}))' } }
  } catch (error) {
    return { problem: { plugin: name, reason: error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : String(error) } }
  }
}

// Projects inside the cdpkit repository (its examples) have no node_modules of their own: ours serve them.
function findFile(name: string, folder: string): string | undefined {
  if (name.startsWith('.') || isAbsolute(name)) {
    const file = resolve(folder, name)
    return existsSync(file) ? file : undefined
  }
  return resolveFrom(join(folder, 'package.json'), name) ?? (name.startsWith('@cdpkit/') ? resolveFrom(import.meta.url, name) : undefined)
}

function resolveFrom(start: string, name: string): string | undefined {
  try {
    return createRequire(start).resolve(name)
  } catch {
    return undefined
  }
}

function isPlugin(value: unknown): value is Plugin {
  if (typeof value !== 'object' || value === null) return false
  const { name, sdk, connectors } = value as Partial<Record<keyof Plugin, unknown>>
  return typeof name === 'string' && typeof sdk === 'string' && Array.isArray(connectors)
}
