// The canonical form of a project file: two spaces, keys of a document in their order, comments and block texts as they are.
import { type Document, type Pair, isMap, isScalar, parseAllDocuments, visit } from 'yaml'

const keyOrder = [
  'apiVersion', 'kind', 'name', 'description', 'segment', 'now', 'organization', 'renamedFrom', 'extends', 'entity', 'connector', 'configFrom', 'instance', 'type', 'plugins', 'include', 'defaults', 'expression', 'paths',
  'evaluation', 'activate', 'config', 'vars', 'fields', 'identities', 'mergePolicy', 'streams', 'schedule', 'backfill', 'safety', 'guardrails', 'governance', 'party', 'marketingActions', 'deny', 'enabled', 'consent', 'isolation', 'dryRun', 'protect', 'overlays', 'labels',
] as const

/** Formatting twice changes nothing more. A text that is no valid YAML comes back as it is. */
export function formatYaml(text: string): string {
  const parsed = parseAllDocuments(text, { version: '1.2', schema: 'core' })
  const documents = 'empty' in parsed ? [] : parsed
  if (documents.length === 0 || documents.some((each) => each.errors.length > 0)) return text
  const folded: string[] = []
  for (const document of documents) {
    setAsideFolded(document, text, folded)
    sortKeys(document)
  }
  const formatted = documents.map((each) => each.toString({ indent: 2, lineWidth: 0, flowCollectionPadding: true })).join('').replace(/^(?:---\n)+/, '')
  return putBackFolded(formatted, folded)
}

// The library would join the lines of a folded block: their text is kept aside, and put back as people broke it.
function setAsideFolded(document: Document.Parsed, text: string, folded: string[]): void {
  visit(document, {
    Scalar(_, node) {
      if (node.type !== 'BLOCK_FOLDED' || !node.range) return
      folded.push(text.slice(node.range[0], node.range[1]).trimEnd())
      node.value = `folded-block-${String(folded.length - 1)}`
      node.type = 'PLAIN'
    },
  })
}

function putBackFolded(text: string, folded: readonly string[]): string {
  return text.replaceAll(/^( *(?:- +)*)(.*?)folded-block-(\d+)$/gm, (_, indent: string, before: string, index: string) => {
    const [header = '', ...lines] = (folded[Number(index)] ?? '').split('\n')
    const least = Math.min(...lines.filter((each) => each.trim() !== '').map((each) => each.length - each.trimStart().length))
    const shifted = lines.map((each) => (each.trim() === '' ? '' : `${' '.repeat(indent.length + 2)}${each.slice(least)}`))
    return [`${indent}${before}${header}`, ...shifted].join('\n')
  })
}

function sortKeys({ contents }: Document): void {
  if (!isMap(contents)) return
  const [first] = contents.items
  contents.items.sort((a, b) => rank(a) - rank(b))
  // The comment above the first key belongs to the document, and stays on top.
  if (first === contents.items[0] || !isScalar(first?.key) || first.key.commentBefore == null) return
  contents.commentBefore = [contents.commentBefore, first.key.commentBefore].filter((each) => each != null).join('\n')
  first.key.commentBefore = null
}

function rank({ key }: Pair): number {
  const index = keyOrder.indexOf(String(isScalar(key) ? key.value : key) as (typeof keyOrder)[number])
  return index < 0 ? keyOrder.length : index
}
