// Diagnostics about segment tests (`*.test.yaml`). What they share with project files has the codes of project files.
import { diagnostic } from './code.js'

export const testCodes = {
  'test/other-kind': diagnostic<{ kind: string; suggestion: string }>({
    severity: 'error', summary: 'Only tests stand in a test file',
    detail: ({ kind }) => `"${kind}" in a file named *.test.yaml is no part of the project.`,
    help: ({ suggestion }) => suggestion || 'Move it to a file of the project, or write kind: SegmentTest.',
  }),
  'test/outside-test-file': diagnostic<{ file: string }>({
    severity: 'error', summary: 'A test in a file of the project',
    detail: ({ file }) => `cdp test does not look for tests in ${file}.`,
    help: ({ file }) => `Move it beside the segment, to a file named *.test.yaml: ${file.replace(/\.[^./]*$/, '')}.test.yaml.`,
  }),
  'test/needs-now': diagnostic<{ segment: string; reader: string }>({
    severity: 'error', summary: 'The test does not say what time it is',
    detail: ({ segment, reader }) => (segment === reader ? `"${segment}" reads the clock.` : `"${segment}" reads "${reader}", which reads the clock.`),
    help: () => 'Add the instant of the evaluation, now: 2026-11-23T06:00:00Z, and it is the same every day.',
  }),
  'test/unknown-name': diagnostic<{ name: string; entity: string; suggestion: string }>({
    severity: 'error', summary: 'The profile has something that no expression sees',
    detail: ({ name, entity }) => `A segment of ${entity === 'person' ? 'people' : `${entity}s`} sees no "${name}".`,
    help: ({ suggestion }) => suggestion,
  }),
  'test/unknown-profile': diagnostic<{ name: string; suggestion: string }>({
    severity: 'error', summary: 'The test has no such profile',
    detail: ({ name }) => `There is no "${name}" under profiles of this test.`,
    help: ({ suggestion }) => suggestion || 'Check the name.',
  }),
  'test/contradiction': diagnostic<{ name: string }>({
    severity: 'error', summary: 'Two expectations that exclude each other',
    detail: ({ name }) => `"${name}" is expected to be a member and to fail; who fails is no member.`,
    help: () => 'Remove it from members, or from errors.',
  }),
} as const
