// What an editor sees: the YAML language server that VS Code, Neovim, Helix and others run, with the schemas of a project.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { TextDocument } from 'vscode-languageserver-textdocument'
import { getLanguageService } from 'yaml-language-server'

export interface Editor {
  /** `line:column message` of everything that is marked. */
  problems(text: string): Promise<readonly string[]>
  /** What is offered at the mark `¦`, each with its description. */
  offers(marked: string): Promise<Readonly<Record<string, string>>>
  /** What is told of the word at the mark. */
  hover(marked: string): Promise<string>
}

/** Files are taken to lie in the folder `segments` of a project; the schema is the one that their first line names. */
export function openEditor(folder: string): Editor {
  const service = getLanguageService({
    schemaRequestService: (uri) => readFile(new URL(uri), 'utf8'),
    workspaceContext: { resolveRelativePath: (path, resource) => new URL(path, resource).href },
  })
  service.configure({ validate: true, hover: true, completion: true, yamlVersion: '1.2', hoverSchemaSource: false })
  let count = 0
  const open = (text: string): TextDocument => TextDocument.create(pathToFileURL(join(folder, 'segments', `${String(count++)}.yaml`)).href, 'yaml', 1, text)
  const at = (marked: string): readonly [TextDocument, ReturnType<TextDocument['positionAt']>] => {
    const document = open(marked.replace('¦', ''))
    return [document, document.positionAt(marked.indexOf('¦'))]
  }
  return {
    async problems(text) {
      const found = await service.doValidation(open(text), false)
      return found.map(({ range, message }) => `${String(range.start.line + 1)}:${String(range.start.character + 1)} ${message}`)
    },
    async offers(marked) {
      const { items } = await service.doComplete(...at(marked), false)
      return Object.fromEntries(items.map(({ label, documentation }) => [label, toText(documentation)]))
    },
    async hover(marked) {
      return toText((await service.doHover(...at(marked)))?.contents)
    },
  }
}

function toText(text: unknown): string {
  if (typeof text === 'object' && text !== null && 'value' in text) return String(text.value)
  return typeof text === 'string' ? text : ''
}
