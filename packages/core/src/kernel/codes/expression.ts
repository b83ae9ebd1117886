// Diagnostics inside a JSONata expression. Their places are in the YAML file, not in the expression.
import { diagnostic } from './code.js'

export const expressionCodes = {
  'expression/syntax': diagnostic<{ reason: string; jsonata: string }>({
    severity: 'error', summary: 'This is not valid JSONata',
    detail: ({ reason, jsonata }) => `${reason} (JSONata ${jsonata}).`,
    help: () => 'docs.jsonata.org has the language; cdp preview --expression tries an idea at once.',
  }),
  'expression/unknown-function': diagnostic<{ name: string; suggestion: string }>({
    severity: 'error', summary: 'Unknown function',
    detail: ({ name }) => `There is no function ${name}.`,
    help: ({ suggestion }) => suggestion || 'docs.jsonata.org lists the functions; cdpkit adds $daysAgo and $hoursAgo.',
  }),
  'expression/unknown-variable': diagnostic<{ name: string }>({
    severity: 'error', summary: 'Unknown variable',
    detail: ({ name }) => `Nothing binds ${name}, so it would always be missing.`,
    help: ({ name }) => `Bind it in the expression (${name} := …), or read a sandbox variable: $vars.${name.slice(1)}.`,
  }),
  'expression/unknown-name': diagnostic<{ name: string; entity: string; suggestion: string }>({
    severity: 'error', summary: 'The expression reads something that is not there',
    detail: ({ name, entity }) => `A segment of ${entity}s sees no "${name}".`,
    help: ({ suggestion }) => suggestion,
  }),
  'expression/unknown-var': diagnostic<{ name: string; sandbox: string; suggestion: string }>({
    severity: 'error', summary: 'Unknown sandbox variable',
    detail: ({ name, sandbox }) => `Sandbox ${sandbox} has no variable "${name}".`,
    help: ({ suggestion }) => suggestion || 'Add it under vars of the sandbox.',
  }),
  'expression/unknown-segment': diagnostic<{ name: string; suggestion: string }>({
    severity: 'error', summary: 'Unknown segment',
    detail: ({ name }) => `There is no segment "${name}".`,
    help: ({ suggestion }) => suggestion || 'Check the name; names with dashes stand in backticks: segments.`hot-leads`.',
  }),
  'expression/unknown-check': diagnostic<{ code: string; suggestion: string }>({
    severity: 'error', summary: 'No such warning to switch off',
    detail: ({ code }) => `"${code}" is no warning about expressions.`,
    help: ({ suggestion }) => suggestion || 'docs/guide/segments.md lists them; errors cannot be switched off.',
  }),
  'expression/too-deep': diagnostic<{ reason: string }>({
    severity: 'error', summary: 'This expression is nested too deeply',
    detail: ({ reason }) => `${reason}.`,
    help: () => 'A chain of or over one field is a list: person.country in ["DE", "AT"]. Split what is left into segments that read each other.',
  }),
  'expression/regex-unsupported': diagnostic<{ reason: string }>({
    severity: 'error', summary: 'This pattern cannot run in linear time',
    detail: ({ reason }) => `${reason}.`,
    help: () => 'Look-ahead and back-references are not available; write the condition with and, or, $not.',
  }),
} as const
