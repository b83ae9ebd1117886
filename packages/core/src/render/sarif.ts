// Remarks as SARIF 2.1.0, for code scanning: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html. What GitHub reads of it:
// https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
import { findCode } from '../kernel/codes/describe-code.js'
import { type Json, type JsonObject, digest } from '../kernel/json.js'
import type { Span } from '../kernel/span.js'
import { type FileLines, linesOf } from './code-frame.js'
import { lineHashes } from './line-hashes.js'
import type { Remark } from './remark.js'

export interface SarifOptions {
  /** Tells one kind of report on a commit from another, so that one does not replace the other: `cdp-plan/acme/prod`. */
  readonly category: string
  /** Absolute path of the repository. */
  readonly root: string
  /** The file at which remarks without a place are shown: a result without a location is not shown at all. */
  readonly anchor: string
  readonly version: string
}

/** Every rule links here; `cdp explain <code>` tells more of one. */
const page = 'https://www.npmjs.com/package/@cdpkit/core'

export function toSarif(remarks: readonly Remark[], options: SarifOptions): string {
  const rules = [...new Map(remarks.map((each) => [each.code, each])).values()]
  const fingerprints = new Fingerprints(options.root)
  const run: JsonObject = {
    tool: { driver: { name: 'cdpkit', semanticVersion: options.version, informationUri: page, rules: rules.map(toRule) } },
    automationDetails: { id: `${options.category}/` },
    originalUriBaseIds: { '%SRCROOT%': { description: { text: 'The root of the repository.' } } },
    columnKind: 'utf16CodeUnits',
    results: remarks.map((each) => toResult(each, { ruleIndex: rules.findIndex((rule) => rule.code === each.code), anchor: options.anchor, fingerprints })),
  }
  return JSON.stringify({ $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [run] }, null, 2)
}

/** A rule says the same whatever was found: texts of one remark stand in only where a plugin brought the code. */
function toRule({ code, severity, text }: Remark): JsonObject {
  const known = findCode(code)
  const summary = known?.summary ?? text.summary
  const help = known === undefined ? text.help : [known.help, `cdp explain ${code}`].filter((each) => each !== '').join('\n')
  return {
    id: code,
    shortDescription: { text: summary },
    fullDescription: { text: known === undefined || known.detail === '' ? summary : known.detail },
    help: { text: help },
    helpUri: page,
    defaultConfiguration: { level: severity },
    properties: { tags: [code.slice(0, code.indexOf('/'))], precision: 'very-high', 'problem.severity': severity },
  }
}

interface ResultParts {
  readonly ruleIndex: number
  readonly anchor: string
  readonly fingerprints: Fingerprints
}

function toResult(remark: Remark, { ruleIndex, anchor, fingerprints }: ResultParts): JsonObject {
  const { code, severity, text, address, related } = remark
  const at = remark.at ?? firstLine(anchor)
  return {
    ruleId: code,
    ruleIndex,
    level: severity,
    message: { text: plain([sentence(text.detail), text.help].join(' ').trim()) },
    locations: [{ ...physicalLocation(at), ...(address === undefined ? {} : { logicalLocations: [{ fullyQualifiedName: address, kind: 'resource' }] }) }],
    ...(related.length > 0 ? { relatedLocations: related.map((each, index) => ({ id: index + 1, message: { text: plain(each.text) }, ...physicalLocation(each.at) })) } : {}),
    partialFingerprints: fingerprints.of(remark, at),
  }
}

function firstLine(file: string): Span {
  return { file, from: { line: 1, column: 1 }, to: { line: 1, column: 1 } }
}

// A point is shown as the character behind it.
function physicalLocation({ file, from, to }: Span): JsonObject {
  const endColumn = from.line === to.line ? Math.max(to.column, from.column + 1) : to.column
  return { physicalLocation: { artifactLocation: { uri: toUri(file), uriBaseId: '%SRCROOT%' }, region: { startLine: from.line, startColumn: from.column, endLine: to.line, endColumn } } }
}

function toUri(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/')
}

function sentence(text: string): string {
  return text === '' || /[.!?]$/.test(text) ? text : `${text}.`
}

/** `[text](target)` in a message is a link (3.11.6): what people wrote makes none. */
function plain(text: string): string {
  return text.replaceAll(/\[(?=[^\]]*\]\()/g, '\\[')
}

/** What stays the same when lines above a place come and go, and when numbers in a message change. */
class Fingerprints {
  readonly #root: string
  readonly #lines: FileLines = new Map()
  readonly #hashes = new Map<string, readonly string[]>()
  readonly #seen = new Map<string, number>()

  constructor(root: string) {
    this.#root = root
  }

  of({ code, address }: Remark, at: Span): Json {
    const line = linesOf(at.file, this.#root, this.#lines)[at.from.line - 1]
    // A line with a secret in it leaves no trace, not even a hash.
    const text = code === 'project/secret-literal' ? undefined : line
    const own = digest({ code, address: address ?? '', file: at.file, line: text?.replaceAll(/\s+/g, ' ').trim() ?? '' })
    const count = (this.#seen.get(own) ?? 0) + 1
    this.#seen.set(own, count)
    const hash = text !== undefined ? this.#hashesOf(at.file)[at.from.line - 1] : undefined
    return { 'cdpRemark/v1': `${own}:${String(count)}`, ...(hash === undefined ? {} : { primaryLocationLineHash: hash }) }
  }

  #hashesOf(file: string): readonly string[] {
    const known = this.#hashes.get(file) ?? lineHashes(linesOf(file, this.#root, this.#lines).join('\n'))
    this.#hashes.set(file, known)
    return known
  }
}
