// Diagnostics about the project files: reading them, their shape, and what they refer to.
import { diagnostic } from './code.js'

const none = (): string => ''

export const projectCodes = {
  'project/not-found': diagnostic<{ folder: string }>({
    severity: 'error', summary: 'No project here',
    detail: ({ folder }) => `There is no cdp.yaml in ${folder} or above it.`,
    help: () => 'Go to your project, pass --config, or start one: cdp init my-project.',
  }),
  'project/unreadable-file': diagnostic<{ file: string; reason: string }>({
    severity: 'error', summary: 'A file cannot be read',
    detail: ({ file, reason }) => `${file}: ${reason}.`,
    help: () => 'Project files are UTF-8 text of at most 1 MB.',
  }),
  'project/unknown-guardrail': diagnostic<{ id: string; suggestion: string }>({
    severity: 'error', summary: 'No such guardrail',
    detail: ({ id }) => `There is no guardrail "${id}" to override.`,
    help: ({ suggestion }) => suggestion || 'docs/reference/guardrails.md lists them; those of a plugin need the plugin under plugins.',
  }),
  'project/guardrail-without-limit': diagnostic<{ id: string }>({
    severity: 'error', summary: 'This guardrail has no number',
    detail: ({ id }) => `"${id}" compares with no limit, so there is none to change.`,
    help: () => 'To go without it: { off: true, reason: … }.',
  }),
  'project/guardrail-stays': diagnostic<{ id: string; why: string; fix: string }>({
    severity: 'error', summary: 'This guardrail cannot be overridden',
    detail: ({ id, why }) => `"${id}" follows from how things work. ${why}`,
    help: ({ fix }) => `Remove the override. ${fix}`,
  }),
  'project/yaml-syntax': diagnostic<{ reason: string; hint: string }>({
    severity: 'error', summary: 'This is not valid YAML',
    detail: ({ reason }) => reason,
    help: ({ hint }) => hint,
  }),
  'project/duplicate-key': diagnostic<{ key: string }>({
    severity: 'error', summary: 'The same key twice',
    detail: ({ key }) => `"${key}" stands twice in one map; only one of them could count.`,
    help: () => 'Remove one of them.',
  }),
  'project/too-many-aliases': diagnostic<Record<string, never>>({
    severity: 'error', summary: 'Too many aliases',
    detail: () => 'The aliases of this document would unfold into an enormous value.',
    help: () => 'Write the value out, or use a sandbox variable.',
  }),
  'project/unknown-tag': diagnostic<{ tag: string }>({
    severity: 'error', summary: 'Tags mean nothing here',
    detail: ({ tag }) => `${tag} is a YAML tag; project files have none.`,
    help: () => 'Remove the tag.',
  }),
  'project/empty-file': diagnostic<{ file: string }>({
    severity: 'warning', summary: 'The file is empty',
    detail: ({ file }) => `${file} holds no document.`,
    help: () => 'Delete it, or write a document with kind and name.',
  }),
  'project/not-a-map': diagnostic<{ found: string }>({
    severity: 'error', summary: 'A document is a map',
    detail: ({ found }) => `This document is ${found}.`,
    help: () => 'Start it with kind: and name:.',
  }),
  'project/missing-kind': diagnostic<{ known: string }>({
    severity: 'error', summary: 'A document without kind',
    detail: () => 'Nothing tells what this document is.',
    help: ({ known }) => `Add kind: one of ${known}.`,
  }),
  'project/unknown-kind': diagnostic<{ kind: string; suggestion: string }>({
    severity: 'error', summary: 'Unknown kind',
    detail: ({ kind }) => `"${kind}" is no kind of document.`,
    help: ({ suggestion }) => suggestion,
  }),
  'project/no-project-document': diagnostic<{ file: string }>({
    severity: 'error', summary: 'The project file has no Project document',
    detail: ({ file }) => `${file} must hold one document of kind Project.`,
    help: () => 'Add kind: Project, name:, and include:.',
  }),
  'project/several-project-documents': diagnostic<{ name: string }>({
    severity: 'error', summary: 'More than one Project document',
    detail: ({ name }) => `"${name}" is a second project in the same files.`,
    help: () => 'Keep one; other folders can be projects of their own.',
  }),
  'project/include-matches-nothing': diagnostic<{ pattern: string }>({
    severity: 'warning', summary: 'An include that finds nothing',
    detail: ({ pattern }) => `No file matches ${pattern}.`,
    help: () => 'Correct the pattern, or remove it.',
  }),
  'project/unknown-key': diagnostic<{ key: string; where: string; suggestion: string }>({
    severity: 'error', summary: 'Unknown key',
    detail: ({ key, where }) => `"${key}" is no key of ${where}.`,
    help: ({ suggestion }) => suggestion || 'Remove it. Keys that start with x- are yours to use.',
  }),
  'project/missing-key': diagnostic<{ key: string; where: string }>({
    severity: 'error', summary: 'A key is missing',
    detail: ({ key, where }) => `${where.charAt(0).toUpperCase()}${where.slice(1)} needs "${key}".`,
    help: ({ key }) => `Add ${key}:.`,
  }),
  'project/wrong-type': diagnostic<{ key: string; wanted: string; found: string }>({
    severity: 'error', summary: 'A value of the wrong type',
    detail: ({ key, wanted, found }) => `"${key}" must be ${wanted}, and is ${found}.`,
    help: ({ wanted }) => `Write ${wanted}.`,
  }),
  'project/not-allowed': diagnostic<{ key: string; value: string; allowed: string; suggestion: string }>({
    severity: 'error', summary: 'A value that is not allowed',
    detail: ({ key, value, allowed }) => `"${key}" cannot be ${value}. Allowed: ${allowed}.`,
    help: ({ suggestion }) => suggestion,
  }),
  'project/old-config': diagnostic<{ connector: string; version: number }>({
    severity: 'warning', summary: 'A configuration of an older form',
    detail: ({ connector, version }) => `The configuration of connector ${connector} has version ${String(version)} now; this one is older, and is read as the new one.`,
    help: () => 'Write it as cdp show --effective has it.',
  }),
  'project/bad-value': diagnostic<{ key: string; problem: string }>({
    severity: 'error', summary: 'A value that does not fit',
    detail: ({ key, problem }) => `"${key}" ${problem}.`,
    help: none,
  }),
  'project/duplicate-name': diagnostic<{ address: string }>({
    severity: 'error', summary: 'The same name twice',
    detail: ({ address }) => `${address} is defined twice.`,
    help: () => 'Rename one of them, or remove it.',
  }),
  'project/unknown-sandbox': diagnostic<{ name: string; suggestion: string }>({
    severity: 'error', summary: 'Unknown sandbox',
    detail: ({ name }) => `The project has no sandbox "${name}".`,
    help: ({ suggestion }) => suggestion,
  }),
  'project/no-sandbox-chosen': diagnostic<{ known: string }>({
    severity: 'error', summary: 'Which sandbox?',
    detail: ({ known }) => `The project has several sandboxes (${known}) and no default.`,
    help: () => 'Pass --sandbox, or set defaults.sandbox in cdp.yaml.',
  }),
  'project/unknown-var': diagnostic<{ name: string; sandbox: string; suggestion: string }>({
    severity: 'error', summary: 'Unknown sandbox variable',
    detail: ({ name, sandbox }) => `Sandbox ${sandbox} has no variable "${name}".`,
    help: ({ suggestion }) => suggestion || 'Add it under vars of the sandbox.',
  }),
  'project/bad-reference-syntax': diagnostic<{ text: string }>({
    severity: 'error', summary: 'This reference means nothing',
    detail: ({ text }) => `${text} is not of the form \${{ vars.name }}.`,
    help: () => 'Only sandbox variables can be put in: ${{ vars.name }}.',
  }),
  'project/unknown-reference': diagnostic<{ what: string; name: string; suggestion: string }>({
    severity: 'error', summary: 'It refers to something that is not there',
    detail: ({ what, name }) => `There is no ${what} "${name}".`,
    help: ({ suggestion }) => suggestion || 'Check the name, and that its file is included.',
  }),
  'project/plugin-not-loaded': diagnostic<{ plugin: string; reason: string }>({
    severity: 'error', summary: 'A plugin cannot be loaded',
    detail: ({ plugin, reason }) => `${plugin}: ${reason}.`,
    help: () => 'Plugins are npm packages installed in the project folder, or files of it (./…).',
  }),
  'project/connector-cannot': diagnostic<{ connector: string; role: string }>({
    severity: 'error', summary: 'The connector cannot do that',
    detail: ({ connector, role }) => `Connector "${connector}" is no ${role}.`,
    help: () => 'Choose another connector.',
  }),
  'project/isolation-of-built-in': diagnostic<{ connector: string }>({
    severity: 'error', summary: 'A built-in connector needs no process of its own',
    detail: ({ connector }) => `Connector "${connector}" is built in; processes are for the connectors of plugins.`,
    help: () => 'Leave isolation out.',
  }),
  'project/unknown-field': diagnostic<{ field: string; entity: string; suggestion: string }>({
    severity: 'error', summary: 'Unknown field',
    detail: ({ field, entity }) => `Entity ${entity} has no field "${field}".`,
    help: ({ suggestion, entity }) => suggestion || `Add it to the schema of ${entity}.`,
  }),
  'project/incompatible-field': diagnostic<{ field: string; entity: string; wanted: string; found: string }>({
    severity: 'error', summary: 'A standard field cannot change its type',
    detail: ({ field, entity, wanted, found }) => `"${field}" of b2b/${entity} is ${wanted}, not ${found}.`,
    help: () => 'Give your field another name.',
  }),
  'project/secret-literal': diagnostic<{ key: string }>({
    severity: 'error', summary: 'A secret in plain sight',
    detail: ({ key }) => `"${key}" is a secret and is written into the file.`,
    help: () => 'Write { fromEnv: NAME } or { fromFile: /run/secrets/name }, and change the secret: it is in the history of this file.',
  }),
  'project/secret-not-set': diagnostic<{ reference: string }>({
    severity: 'warning', summary: 'A secret is not set here',
    detail: ({ reference }) => `${reference} has no value on this machine.`,
    help: () => 'Plan works without it; apply and run need it.',
  }),
  'plan/match-not-asked': diagnostic<{ destination: string; code: string }>({
    severity: 'warning', summary: 'A destination did not tell whom it knows',
    detail: ({ destination, code }) => `Destination/${destination} was asked, and it failed: ${code}.`,
    help: () => 'The plan holds without it. cdp doctor shows what is wrong.',
  }),
  'project/overlay-matches-nothing': diagnostic<{ target: string; suggestion: string }>({
    severity: 'error', summary: 'An overlay without target',
    detail: ({ target }) => `No resource is called ${target}.`,
    help: ({ suggestion }) => suggestion || 'Targets are Kind/name or Kind/*.',
  }),
  'project/bad-schedule': diagnostic<{ text: string }>({
    severity: 'error', summary: 'This is no schedule',
    detail: ({ text }) => `"${text}" is no cron text of five fields.`,
    help: () => 'Minute, hour, day of month, month, day of week: "0 6 * * *" is every day at 06:00.',
  }),
  'project/schedule-both-days': diagnostic<{ text: string }>({
    severity: 'warning', summary: 'Day of month and day of week are both set',
    detail: ({ text }) => `"${text}" runs only on days where both match.`,
    help: () => 'Set one of them to *.',
  }),
  'project/bad-timezone': diagnostic<{ name: string }>({
    severity: 'error', summary: 'Unknown time zone',
    detail: ({ name }) => `"${name}" is no time zone.`,
    help: () => 'Use a name of the IANA list, such as Europe/Madrid or UTC.',
  }),
  'project/segment-cycle': diagnostic<{ cycle: string }>({
    severity: 'error', summary: 'Segments that need each other',
    detail: ({ cycle }) => `Each of these reads the next one: ${cycle}.`,
    help: () => 'Take the common part into a segment of its own.',
  }),
  'project/segment-of-other-entity': diagnostic<{ name: string; wanted: string; found: string }>({
    severity: 'error', summary: 'A segment of another entity',
    detail: ({ name, wanted, found }) => `"${name}" holds ${found}s; this segment holds ${wanted}s.`,
    help: () => 'Read it from a segment of the same entity.',
  }),
} as const
