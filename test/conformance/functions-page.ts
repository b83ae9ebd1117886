// The page of the functions, from their specs and their cases.
import { functions } from '../../packages/core/src/expressions/functions/index.js'
import type { FunctionSpec } from '../../packages/core/src/expressions/functions/function-spec.js'
import { type FunctionCases, casesOf, functionCases } from './function-cases.js'

export const functionsPagePath = 'docs/reference/functions.md'

const intro = `# Functions

What an expression may call, and who decides it in the store. All evaluators give the same members; SQL is the fast one. This page is written by \`npm run docs:functions\` from
\`test/conformance/function-cases.ts\`, whose cases every evaluator passes.

- *SQL*: the store decides every profile.
- *SQL, with guards*: the store decides, and leaves to the closure the profiles where it is not sure.
- *closure*: our own evaluator decides, but only of the profiles that the rest of the condition leaves open: \`person.country = "DE" and $split(person.title, " ")[0] = "VP"\` asks it of people in DE.

Calls that read nothing of the profile (\`$uppercase("de")\`, \`$power(10, 6)\`) are worked out once, whatever the function. Signatures are in
[JSONata's notation](https://docs.jsonata.org/programming#function-signatures).

| function | signature | gives | in the store | for example |
| --- | --- | --- | --- | --- |
`

export function toFunctionsPage(): string {
  return `${intro}${[...functions.values()].map(toRow).join('')}`
}

function toRow({ name, signature, gives }: FunctionSpec): string {
  const example = casesOf(name)[0]?.expression ?? ''
  const cells = [code(`$${name}`), signature === undefined ? '' : code(signature), gives, inStore(functionCases[name] ?? {}), code(example)]
  return `| ${cells.join(' | ')} |\n`
}

function inStore({ sql, guarded, closure }: FunctionCases): string {
  const bySql = guarded ? [`SQL, with guards where ${guarded.where}`] : sql ? ['SQL'] : []
  return [...bySql, ...(closure ? [`closure: ${closure.because}`] : [])].join('; ')
}

function code(text: string): string {
  return `\`${text.replaceAll('|', '\\|')}\``
}
