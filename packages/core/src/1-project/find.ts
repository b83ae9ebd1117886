// Where the project is: cdp.yaml in the folder or above it. The only importer of cosmiconfig; it finds, it never runs code.
// Its `cosmiconfig()` would load `.config/config.js` of the working directory first; the Explorer behind it does not.
import { existsSync } from 'node:fs'
import { dirname, parse, resolve } from 'node:path'
import * as cosmiconfigExplorer from 'cosmiconfig/dist/Explorer.js'

export interface FoundProject {
  /** Absolute path of the project file. */
  readonly file: string
  readonly folder: string
}

// The package publishes no types for this part.
interface Explorer {
  search(folder: string): Promise<{ readonly filepath: string } | null>
}
const { Explorer } = cosmiconfigExplorer as unknown as { readonly Explorer: new (options: object) => Explorer }

const places = ['cdp.yaml', 'cdp.yml', 'cdp.json', '.config/cdp.yaml'] as const
// The file is read and parsed by read.ts, which knows places; here only its path matters.
const findOnly = (path: string): { readonly path: string } => ({ path })

/** The nearest project file from a folder upwards; undefined when there is none, or no such folder. */
export async function findProject(folder: string, configFile?: string): Promise<FoundProject | undefined> {
  if (!existsSync(folder)) return undefined
  if (configFile !== undefined) return { file: resolve(folder, configFile), folder: dirname(resolve(folder, configFile)) }
  const explorer = new Explorer({
    moduleName: 'cdp',
    searchPlaces: [...places],
    searchStrategy: 'global',
    stopDir: parse(folder).root,
    loaders: { '.yaml': findOnly, '.yml': findOnly, '.json': findOnly },
    ignoreEmptySearchPlaces: false,
    applyPackagePropertyPathToConfiguration: false,
    cache: false,
    transform: (found: unknown) => found,
    metaConfigFilePath: null,
    mergeImportArrays: false,
    mergeSearchPlaces: false,
  })
  const found = await explorer.search(folder)
  if (!found) return undefined
  const inConfigFolder = found.filepath.replaceAll('\\', '/').endsWith('.config/cdp.yaml')
  return { file: found.filepath, folder: inConfigFolder ? dirname(dirname(found.filepath)) : dirname(found.filepath) }
}
