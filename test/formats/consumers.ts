// Readers of the reports, as their consumers read them.
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { Ajv, type ValidateFunction } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { micromark } from 'micromark'
import { gfm, gfmHtml } from 'micromark-extension-gfm'

const sarifSchema = JSON.parse(readFileSync(resolve('test/formats/sarif-2.1.0.schema.json'), 'utf8')) as object

/** What a SARIF log breaks of the schema of SARIF 2.1.0. */
export const sarifProblems = problemFinder(withFormats(new Ajv2020({ strict: false, allErrors: true })).compile(sarifSchema))

/**
 * What an output breaks of its schema in docs/reference/schemas. Readers have to bear fields that are new to them; here a field
 * that the schema does not know is a problem, so that every field is described.
 */
export function outputProblems(name: string): (value: unknown) => readonly string[] {
  const schema = JSON.parse(readFileSync(resolve(`docs/reference/schemas/${name}.schema.json`), 'utf8')) as object
  return problemFinder(withFormats(new Ajv({ allErrors: true, strictRequired: false })).compile(closed(schema) as object))
}

function withFormats<A extends Ajv | Ajv2020>(ajv: A): A {
  addFormats.default(ajv)
  return ajv
}

function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed)
  if (typeof schema !== 'object' || schema === null) return schema
  const parts = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]))
  return 'properties' in parts && !('additionalProperties' in parts) ? { ...parts, additionalProperties: false } : parts
}

function problemFinder(validate: ValidateFunction): (value: unknown) => readonly string[] {
  return (value) => (validate(value) ? [] : (validate.errors ?? []).map((each) => `${each.instancePath} ${each.message ?? ''} ${JSON.stringify(each.params)}`))
}

export interface WorkflowCommand {
  readonly command: string
  readonly properties: Readonly<Record<string, string>>
  readonly data: string
}

/**
 * A line of a log as the runner of GitHub Actions reads it, undefined when it is none of its commands. The rules are those of
 * ActionCommand.TryParseV2 in https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs.
 */
export function readWorkflowCommand(line: string): WorkflowCommand | undefined {
  const message = line.trimStart()
  const end = message.indexOf('::', 2)
  if (!message.startsWith('::') || end < 0) return undefined
  const info = message.slice(2, end)
  const space = info.indexOf(' ')
  const command = space < 0 ? info : info.slice(0, space)
  if (!['error', 'warning', 'notice'].includes(command)) return undefined
  const pairs = space > 0 ? info.slice(space + 1).trim().split(',').filter((each) => each !== '') : []
  const properties = pairs.map((each) => [each.slice(0, each.indexOf('=')), unescaped(each.slice(each.indexOf('=') + 1), ['\r', '\n', ':', ',', '%'])] as const)
  return { command, properties: Object.fromEntries(properties), data: unescaped(message.slice(end + 2), ['\r', '\n', '%']) }
}

function unescaped(text: string, characters: readonly string[]): string {
  return characters.reduce((read, each) => read.replaceAll(`%${each.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`, each), text)
}

/** Markdown as GitHub renders it, before it takes away dangerous HTML: what is dangerous has to be none by itself. */
export function toHtml(markdown: string): string {
  return micromark(markdown, { allowDangerousHtml: true, allowDangerousProtocol: true, extensions: [gfm()], htmlExtensions: [gfmHtml()] })
}

/** The HTML without the content of code, in which nothing comes to life, not even a mention. */
export function livingHtml(markdown: string): string {
  return toHtml(markdown).replaceAll(/<code[^>]*>[^<]*<\/code>/g, '<code/>')
}
