// The plugins that a project names, from the project's own node_modules or folder; never scanned, never global.
import { existsSync, readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type JsonObject, isJsonObject } from '../kernel/json.js'
import type { Guardrail } from './guardrail.js'
import { type Connector, type Plugin, speaksSdk } from './sdk.js'

export interface PluginProblem {
  readonly plugin: string
  readonly reason: string
}

export interface LoadedPlugin {
  /** What the project calls it: a package, or a path. */
  readonly written: string
  readonly plugin: Plugin
  /** Of its package, where that is the plugin's own. */
  readonly version?: string
  /** What was loaded; absent for what is built in. */
  readonly file?: string
}

export interface LoadedPlugins {
  readonly plugins: readonly LoadedPlugin[]
  readonly connectors: readonly Connector[]
  readonly guardrails: readonly Guardrail[]
  readonly problems: readonly PluginProblem[]
}

/** Loads each plugin; one that cannot be loaded is a problem with its reason and does not keep the others away. */
export async function loadPlugins(names: readonly string[], folder: string): Promise<LoadedPlugins> {
  const results = await Promise.all(names.map((name) => loadPlugin(name, folder)))
  const plugins = results.flatMap((each) => ('plugin' in each ? [each] : []))
  return {
    plugins,
    connectors: plugins.flatMap(({ plugin }) => plugin.connectors),
    guardrails: plugins.flatMap(({ plugin }) => plugin.guardrails ?? []),
    problems: results.flatMap((each) => ('problem' in each ? [each.problem] : [])),
  }
}

/** Whether a name is a place in the file system and no package. */
export function isPath(name: string): boolean {
  return name.startsWith('.') || isAbsolute(name)
}

async function loadPlugin(name: string, folder: string): Promise<LoadedPlugin | { readonly problem: PluginProblem }> {
  const problem = (reason: string): { readonly problem: PluginProblem } => ({ problem: { plugin: name, reason } })
  const found = findFile(name, folder)
  if ('reason' in found) return problem(found.reason)
  try {
    const { plugin } = (await import(pathToFileURL(found.file).href)) as { readonly plugin?: unknown }
    const reason = whyNot(plugin)
    if (reason !== undefined) return problem(reason)
    const loaded = plugin as Plugin
    const version = versionOf(loaded.name, dirname(found.file))
    return { written: name, plugin: loaded, file: found.file, ...(version === undefined ? {} : { version }) }
  } catch (error) {
    return problem(error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : String(error))
  }
}

type Found = { readonly file: string } | { readonly reason: string }

// Projects inside the cdpkit repository (its examples) have no node_modules of their own: ours serve them.
function findFile(name: string, folder: string): Found {
  if (isPath(name)) return findPath(resolve(folder, name))
  const found = resolveFrom(join(folder, 'package.json'), name)
  if ('file' in found || !name.startsWith('@cdpkit/')) return found
  const ours = resolveFrom(import.meta.url, name)
  return 'file' in ours ? ours : found
}

/** A file, or the folder of a package: what its package.json says it gives. */
function findPath(path: string): Found {
  if (!existsSync(path)) return { reason: 'there is no such file' }
  if (!statSync(path).isDirectory()) return { file: path }
  const description = join(path, 'package.json')
  const name = existsSync(description) ? nameOf(readPackage(description)) : undefined
  return name === undefined ? { reason: 'the folder is no package: it has no package.json with a name' } : resolveFrom(description, name)
}

function resolveFrom(start: string, name: string): Found {
  try {
    return { file: createRequire(start).resolve(name) }
  } catch (error) {
    const { code } = error as { readonly code?: string }
    if (code === 'ERR_PACKAGE_PATH_NOT_EXPORTED') return { reason: 'the exports of its package.json have nothing under "." and "default"' }
    return { reason: `it is not installed: npm install ${name}` }
  }
}

/** Why something that was loaded is no plugin for this cdp. */
function whyNot(value: unknown): string | undefined {
  const { name, sdk, connectors } = (typeof value === 'object' && value !== null ? value : {}) as Partial<Record<keyof Plugin, unknown>>
  if (typeof name !== 'string' || typeof sdk !== 'string' || !Array.isArray(connectors)) return 'it exports no plugin (export const plugin = definePlugin({…}))'
  return speaksSdk(sdk) ? undefined : `it is written for sdk ${sdk}; this cdp has sdk 1`
}

function versionOf(name: string, folder: string): string | undefined {
  const file = join(folder, 'package.json')
  if (existsSync(file)) {
    const description = readPackage(file)
    if (nameOf(description) !== undefined) return nameOf(description) === name && typeof description['version'] === 'string' ? description['version'] : undefined
  }
  return dirname(folder) === folder ? undefined : versionOf(name, dirname(folder))
}

function nameOf({ name }: JsonObject): string | undefined {
  return typeof name === 'string' ? name : undefined
}

function readPackage(file: string): JsonObject {
  try {
    const description = JSON.parse(readFileSync(file, 'utf8')) as unknown
    return isJsonObject(description) ? description : {}
  } catch {
    return {}
  }
}
