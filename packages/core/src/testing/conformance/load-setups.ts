// A plugin's own setups for the kit: the file that `cdpkit.conformance` of its package.json names exports them as `conformance`.
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { fail } from '../../kernel/error.js'
import type { ConformanceSetups } from './setup.js'

/** None when the package names no file. @throws plugin/not-loaded when it names one that cannot be used. */
export async function loadConformanceSetups(plugin: string, pluginFile: string): Promise<ConformanceSetups> {
  const folder = findPackageFolder(dirname(pluginFile))
  const written = folder === undefined ? undefined : readManifest(folder).cdpkit?.conformance
  if (folder === undefined || written === undefined) return {}
  const file = resolve(folder, written)
  if (!existsSync(file)) throw fail('plugin/not-loaded', { plugin, reason: `cdpkit.conformance of its package.json names ${written}, and there is no such file` })
  const { conformance } = (await import(pathToFileURL(file).href)) as { readonly conformance?: ConformanceSetups }
  if (typeof conformance !== 'object') throw fail('plugin/not-loaded', { plugin, reason: `${written} exports no conformance (export const conformance: ConformanceSetups = {…})` })
  return conformance
}

function findPackageFolder(from: string): string | undefined {
  if (existsSync(join(from, 'package.json'))) return from
  const above = dirname(from)
  return above === from ? undefined : findPackageFolder(above)
}

function readManifest(folder: string): { readonly cdpkit?: { readonly conformance?: string } } {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { readonly cdpkit?: { readonly conformance?: string } }
}
