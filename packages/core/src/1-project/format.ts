// The canonical form of a project file: two spaces, keys of a document in their order, comments and block texts as they are.
import { type Document, type Pair, isMap, isScalar, parseAllDocuments } from 'yaml'

const keyOrder = [
  'apiVersion', 'kind', 'name', 'description', 'organization', 'renamedFrom', 'extends', 'entity', 'connector', 'configFrom', 'instance', 'type', 'plugins', 'include', 'defaults', 'expression', 'paths',
  'evaluation', 'activate', 'config', 'vars', 'fields', 'identities', 'mergePolicy', 'streams', 'schedule', 'backfill', 'safety', 'guardrails', 'dryRun', 'protect', 'overlays', 'labels',
] as const

/** Formatting twice changes nothing more. A text that is no valid YAML comes back as it is. */
export function formatYaml(text: string): string {
  const parsed = parseAllDocuments(text, { version: '1.2', schema: 'core' })
  const documents = 'empty' in parsed ? [] : parsed
  if (documents.length === 0 || documents.some((each) => each.errors.length > 0)) return text
  for (const document of documents) sortKeys(document)
  return documents.map((each) => each.toString({ indent: 2, lineWidth: 0, flowCollectionPadding: true })).join('').replace(/^(?:---\n)+/, '')
}

function sortKeys({ contents }: Document): void {
  if (!isMap(contents)) return
  // The comment above the first key belongs to the document, and stays on top.
  contents.items.sort((a, b) => rank(a) - rank(b))
}

function rank({ key }: Pair): number {
  const index = keyOrder.indexOf(String(isScalar(key) ? key.value : key) as (typeof keyOrder)[number])
  return index < 0 ? keyOrder.length : index
}
