// Errors: the world's failures and ours. Thrown with fail(), recognized with isCdpError().
import { error } from './code.js'
import { connectorCodes } from './connector.js'
import { stateCodes } from './state.js'

export const errorCodes = {
  ...connectorCodes,
  ...stateCodes,
  'store/unreachable': error<{ path: string; reason: string }>({
    retry: 'later', exit: 1,
    summary: 'The sandbox database cannot be opened',
    detail: ({ path, reason }) => `${path}: ${reason}`,
    help: () => 'Check that the folder exists and can be written, and that its disk has space.',
  }),
  'store/in-use': error<{ path: string; owner: string; pid: number }>({
    retry: 'later', exit: 5,
    summary: 'Another cdp command works on this sandbox',
    detail: ({ path, owner }) => `${path} is in use by ${owner}.`,
    help: () => 'Wait until it has finished, then run the command again; cdp state unlock tells more about it.',
  }),
  'store/newer-format': error<{ path: string; found: number; known: number }>({
    retry: 'never', exit: 1,
    summary: 'The sandbox database was written by a newer cdp',
    detail: ({ path, found, known }) => `${path} has format ${String(found)}; this cdp knows formats up to ${String(known)}.`,
    help: () => 'Use the version of cdp that wrote it, or a newer one.',
  }),
  'store/not-one-row': error<{ rows: number }>({
    retry: 'never', exit: 1,
    summary: 'A question to the database that has one answer got another number of them',
    detail: ({ rows }) => `${String(rows)} rows came back.`,
    help: () => 'This is a defect of cdp: please report it with the command that you ran.',
  }),
  'source/no-files': error<{ path: string; folder: string }>({
    retry: 'later', exit: 1,
    summary: 'No file to read',
    detail: ({ path, folder }) => `Nothing matches ${path} in ${folder}.`,
    help: () => 'Check the path in the stream, or set optional: true in its config where the file may be missing.',
  }),
  'source/unreadable-file': error<{ file: string; reason: string }>({
    retry: 'later', exit: 1,
    summary: 'A file cannot be read',
    detail: ({ file, reason }) => `${file}: ${reason}`,
    help: () => 'Check that it is complete and of the format that the stream names. Records read before are kept.',
  }),
  'source/failed': error<{ source: string; reason: string }>({
    retry: 'later', exit: 1,
    summary: 'A source failed',
    detail: ({ source, reason }) => `${source}: ${reason}`,
    help: () => 'What was read before is kept; the next run goes on from there.',
  }),
  'http/no-answer': error<{ url: string; reason: string }>({
    retry: 'later', exit: 1,
    summary: 'No answer',
    detail: ({ url, reason }) => `${url}: ${reason}`,
    help: () => 'Check the address and that the server runs; cdp doctor tries it.',
  }),
  'http/timeout': error<{ url: string; timeoutMs: number }>({
    retry: 'later', exit: 1,
    summary: 'No answer in time',
    detail: ({ url, timeoutMs }) => `${url} did not answer within ${String(timeoutMs)} ms.`,
    help: () => 'Try again later, or set a longer timeout in the connector.',
  }),
  'http/too-large': error<{ url: string; limit: number }>({
    retry: 'never', exit: 1,
    summary: 'The answer is too large',
    detail: ({ url, limit }) => `${url} answered with more than ${String(limit)} bytes.`,
    help: () => 'Ask for smaller pages.',
  }),
  'secret/not-set': error<{ reference: string; address: string }>({
    retry: 'never', exit: 3,
    summary: 'A secret is not set',
    detail: ({ reference, address }) => `${address} needs ${reference}.`,
    help: () => 'Set it in the environment of the command, or write the file; cdp doctor lists all that are missing.',
  }),
  'plugin/not-loaded': error<{ plugin: string; reason: string }>({
    retry: 'never', exit: 3,
    summary: 'A plugin cannot be loaded',
    detail: ({ plugin, reason }) => `${plugin}: ${reason}`,
    help: () => 'Install it in the project folder with npm, or correct its name under plugins in cdp.yaml.',
  }),
  'destination/bad-body': error<{ destination: string; reason: string }>({
    retry: 'never', exit: 1,
    summary: 'The body of a destination cannot be made',
    detail: ({ destination, reason }) => `${destination}: ${reason}`,
    help: () => 'Correct the JSONata under config.body, then plan and apply.',
  }),
  'plan/stale': error<{ planned: number; found: number }>({
    retry: 'never', exit: 5,
    summary: 'The plan is stale',
    detail: ({ planned, found }) => `It was made for state #${String(planned)}, the sandbox is at state #${String(found)}.`,
    help: () => 'Run cdp plan again, review it, and apply the new plan.',
  }),
  'plan/not-a-plan-file': error<{ file: string; reason: string }>({
    retry: 'never', exit: 1,
    summary: 'This is no plan file',
    detail: ({ file, reason }) => `${file}: ${reason}`,
    help: () => 'Make one with cdp plan --out plan.cdp.',
  }),
  'plan/other-sandbox': error<{ planned: string; found: string }>({
    retry: 'never', exit: 1,
    summary: 'The plan is for another sandbox',
    detail: ({ planned, found }) => `It was made for ${planned}; this is ${found}.`,
    help: () => 'Pass --sandbox with the sandbox that was planned.',
  }),
  'apply/nothing-applied': error<{ sandbox: string }>({
    retry: 'never', exit: 1,
    summary: 'Nothing is applied yet',
    detail: ({ sandbox }) => `Sandbox ${sandbox} has no applied state to work from.`,
    help: () => 'Run cdp plan, look at it, then cdp apply.',
  }),
  'destroy/not-cleared': error<{ sandbox: string; records: number }>({
    retry: 'later', exit: 6,
    summary: 'The sandbox was not removed',
    detail: ({ sandbox, records }) => `${String(records)} removal(s) of sandbox ${sandbox} did not reach their destinations.`,
    help: () => 'See cdp status for the reasons, then run cdp destroy again.',
  }),
  'profile/unknown': error<{ namespace: string; value: string; sandbox: string }>({
    retry: 'never', exit: 1,
    summary: 'No such profile',
    detail: ({ namespace, value, sandbox }) => `Sandbox ${sandbox} knows nobody as ${namespace}:${value}.`,
    help: () => 'Check the namespace (email, ecid, b2b_person, b2b_account) and the value, and that cdp run has read the source.',
  }),
  'profile/other-entity': error<{ namespace: string; value: string; segment: string; wanted: string; found: string }>({
    retry: 'never', exit: 64,
    summary: 'The segment is not about such profiles',
    detail: ({ namespace, value, segment, wanted, found }) => `Segment/${segment} holds ${wanted === 'person' ? 'people' : 'accounts'}; ${namespace}:${value} is ${found === 'person' ? 'a person' : 'an account'}.`,
    help: ({ wanted }) => (wanted === 'person' ? 'Write an identity of a person, such as email:ada@acme.example.' : 'Write an identity of an account, such as "b2b_account:A1@crm.CRM".'),
  }),
  'cli/not-an-identity': error<{ written: string }>({
    retry: 'never', exit: 64,
    summary: 'This is no identity',
    detail: ({ written }) => `"${written}" has no namespace.`,
    help: () => 'Write namespace:value, such as email:ada@acme.example.',
  }),
  'cli/not-an-address': error<{ written: string }>({
    retry: 'never', exit: 64,
    summary: 'This is no address to listen at',
    detail: ({ written }) => `"${written}" is no address:port.`,
    help: () => 'Write address:port, such as 127.0.0.1:8080.',
  }),
  'cli/unknown-address': error<{ written: string; known: string }>({
    retry: 'never', exit: 64,
    summary: 'No such resource',
    detail: ({ written, known }) => `"${written}" is none of ${known === '' ? 'nothing: the project has none' : known}.`,
    help: () => 'Write Kind/name, such as Segment/hot-leads.',
  }),
  'cli/format-of-plans': error<{ format: string; what: string }>({
    retry: 'never', exit: 64,
    summary: 'This format is for plans',
    detail: ({ format, what }) => `${what} is a resource, which has no ${format} form.`,
    help: () => 'Name a plan file that cdp plan --out saved, or use --format human or json.',
  }),
  'cli/folder-not-empty': error<{ folder: string; file: string }>({
    retry: 'never', exit: 1,
    summary: 'The folder is not empty',
    detail: ({ folder, file }) => `${folder} already has ${file}.`,
    help: () => 'Choose another folder, or pass --force to write over it.',
  }),
  'collect/busy': error<{ waiting: number }>({
    retry: 'later', exit: 1,
    summary: 'Too many events wait to be stored',
    detail: ({ waiting }) => `${String(waiting)} wait already.`,
    help: () => 'Send them again after the time that Retry-After names. If it happens often, cdp status and the metrics tell which stage is slow.',
  }),
  'collect/stopping': error<{ sandbox: string }>({
    retry: 'later', exit: 1,
    summary: 'The daemon stops',
    detail: ({ sandbox }) => `Sandbox ${sandbox} takes no more events.`,
    help: () => 'Send them again when it is back.',
  }),
  'apply/not-approved': error<{ changes: number }>({
    retry: 'never', exit: 1,
    summary: 'Nothing was applied',
    detail: ({ changes }) => `The plan of ${String(changes)} change(s) was not approved.`,
    help: () => 'Answer yes, or pass --auto-approve where nobody can answer.',
  }),
  'apply/blocked': error<{ address: string; detail: string; next: string }>({
    retry: 'never', exit: 4,
    summary: 'The plan is blocked',
    detail: ({ address, detail }) => `${address}: ${detail}.`,
    help: ({ next }) => next,
  }),
} as const
