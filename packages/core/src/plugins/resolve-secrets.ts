// Secret references in a connector's configuration → their values, at the moment the connector is opened and nowhere else.
import { readFileSync } from 'node:fs'
import { type Json, type JsonObject, isJsonArray, isJsonObject } from '../kernel/json.js'

export type SecretReader = (reference: { readonly fromEnv: string } | { readonly fromFile: string }) => string | undefined

/** Reads the environment that it is handed, and files. A file's last line break does not belong to the secret. */
export function secretReader(env: Readonly<Record<string, string | undefined>>): SecretReader {
  return (reference) => {
    if ('fromEnv' in reference) return env[reference.fromEnv] === '' ? undefined : env[reference.fromEnv]
    try {
      return readFileSync(reference.fromFile, 'utf8').replace(/\r?\n$/, '')
    } catch {
      return undefined
    }
  }
}

export interface ResolvedConfig {
  readonly config: JsonObject
  /** References that lead to nothing, as people write them: `environment variable TOKEN`. */
  readonly missing: readonly string[]
  /** The values that were put in. */
  readonly secrets: readonly string[]
}

export function resolveSecrets(config: JsonObject, read: SecretReader): ResolvedConfig {
  const missing: string[] = []
  const secrets: string[] = []
  const resolved = replace(config, (reference) => {
    const value = read(reference)
    if (value === undefined) missing.push('fromEnv' in reference ? `environment variable ${reference.fromEnv}` : `file ${reference.fromFile}`)
    else secrets.push(value)
    return value ?? ''
  })
  return { config: resolved as JsonObject, missing, secrets }
}

type Reference = Parameters<SecretReader>[0]

function replace(value: Json, read: (reference: Reference) => string): Json {
  if (isReference(value)) return read(value)
  if (isJsonArray(value)) return value.map((each) => replace(each, read))
  if (!isJsonObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, replace(each, read)]))
}

export function isReference(value: Json): value is Reference {
  if (!isJsonObject(value)) return false
  const keys = Object.keys(value)
  return keys.length === 1 && (typeof value['fromEnv'] === 'string' || typeof value['fromFile'] === 'string')
}
