// The schemas for editors as files. Those that are as they should be are not touched.
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { JsonObject } from '../../kernel/json.js'

/** Where the first lines of project files look for them: `# yaml-language-server: $schema=../.schema/cdp.schema.json`. */
export const schemaFolder = '.schema'

type Schemas = Readonly<Record<string, JsonObject>>

/** Files that are missing or different. */
export async function findOutdated(folder: string, schemas: Schemas): Promise<readonly string[]> {
  const found = await Promise.all(Object.entries(schemas).map(async ([file, schema]) => ((await read(join(folder, file))) === toText(schema) ? [] : [file])))
  return found.flat()
}

/** Gives the files that were written. */
export async function writeSchemas(folder: string, schemas: Schemas): Promise<readonly string[]> {
  const outdated = await findOutdated(folder, schemas)
  if (outdated.length > 0) await mkdir(folder, { recursive: true })
  for (const file of outdated) await writeFile(join(folder, file), toText(schemas[file]))
  return outdated
}

function toText(schema: JsonObject | undefined): string {
  return `${JSON.stringify(schema, null, 1)}\n`
}

async function read(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch(() => undefined)
}
