// Errors of the commands that change the applied state by hand: cdp state, cdp import.
import { error } from './code.js'

export const stateCodes = {
  'state/name-taken': error<{ address: string }>({
    retry: 'never', exit: 1,
    summary: 'The name is taken',
    detail: ({ address }) => `${address} is in the applied state already.`,
    help: () => 'Choose another name, or forget the one that has it: cdp state rm.',
  }),
  'state/other-kind': error<{ from: string; to: string }>({
    retry: 'never', exit: 64,
    summary: 'A resource keeps its kind',
    detail: ({ from, to }) => `${from} cannot become ${to}.`,
    help: () => 'Write the same kind on both sides: cdp state mv Segment/old Segment/new.',
  }),
  'state/bad-name': error<{ written: string }>({
    retry: 'never', exit: 64,
    summary: 'This is no name of a resource',
    detail: ({ written }) => `"${written}" is not Kind/name with letters, digits, dots, dashes and underscores in the name.`,
    help: () => 'Write Kind/name, such as Segment/hot-leads.',
  }),
  'state/known-by-name': error<{ address: string }>({
    retry: 'never', exit: 64,
    summary: 'Schemas and policies are known by their name',
    detail: ({ address }) => `${address} has no number of its own in the state.`,
    help: () => 'Change the file, then plan and apply.',
  }),
  'state/cannot-follow': error<{ reader: string; name: string }>({
    retry: 'never', exit: 1,
    summary: 'A segment that reads this one cannot follow',
    detail: ({ reader, name }) => `The expression of ${reader} reads "${name}" in a way that cannot be rewritten.`,
    help: () => 'Rename it in the files with renamedFrom, together with the expression that reads it, then plan and apply.',
  }),
  'state/is-read': error<{ address: string; readers: string }>({
    retry: 'never', exit: 1,
    summary: 'Other segments read it',
    detail: ({ address, readers }) => `${address} is read by ${readers}, which would lose their members.`,
    help: () => 'Forget those first, or remove the segment from the files, then plan and apply.',
  }),
  'state/no-such-serial': error<{ serial: number; oldest: number; newest: number }>({
    retry: 'never', exit: 64,
    summary: 'This state is not kept',
    detail: ({ serial, oldest, newest }) => `State #${String(serial)} is none of #${String(oldest)} to #${String(newest)}.`,
    help: () => 'The last 50 states are kept.',
  }),
  'state/holder-alive': error<{ pid: number; sandbox: string }>({
    retry: 'later', exit: 5,
    summary: 'The sandbox is in use',
    detail: ({ pid, sandbox }) => `Process ${String(pid)} is alive and holds sandbox ${sandbox}; taking it away would lose what it writes.`,
    help: ({ pid }) => `Wait until it has finished, or end it: kill ${String(pid)}. What it has committed stays.`,
  }),
  'import/not-in-files': error<{ address: string; suggestion: string }>({
    retry: 'never', exit: 64,
    summary: 'The project has no such segment',
    detail: ({ address }) => `${address} is in none of the project's files.`,
    help: ({ suggestion }) => (suggestion === '' ? 'Write the segment first, then import what is there under its name.' : suggestion),
  }),
  'import/nothing-to-adopt': error<{ address: string }>({
    retry: 'never', exit: 64,
    summary: 'There is nothing to adopt',
    detail: ({ address }) => `cdp makes nothing at the other side for ${address}: it only reads, or only connects.`,
    help: () => 'Import is for the audience of a segment: cdp import Segment/name <remote-id> --destination name.',
  }),
  'import/no-activation': error<{ segment: string; destination: string; known: string }>({
    retry: 'never', exit: 64,
    summary: 'The segment is not delivered there',
    detail: ({ segment, destination, known }) => `Segment/${segment} is delivered to ${known === '' ? 'no destination' : known}${destination === '' ? '' : `, not to "${destination}"`}.`,
    help: () => 'Add the destination under activate of the segment, then import.',
  }),
  'import/which-destination': error<{ segment: string; known: string }>({
    retry: 'never', exit: 64,
    summary: 'Which destination?',
    detail: ({ segment, known }) => `Segment/${segment} is delivered to ${known}.`,
    help: () => 'Pass --destination.',
  }),
  'import/makes-no-audiences': error<{ destination: string; connector: string; list: string }>({
    retry: 'never', exit: 1,
    summary: 'The destination has no audiences with ids',
    detail: ({ destination, connector, list }) => `Connector ${connector} of Destination/${destination} makes none: the audience there is whatever is called "${list}".`,
    help: () => 'Write the name that it has there as list: under activate of the segment; nothing needs to be imported.',
  }),
  'import/not-there': error<{ destination: string; remoteId: string }>({
    retry: 'never', exit: 1,
    summary: 'There is no such audience',
    detail: ({ destination, remoteId }) => `Destination/${destination} knows no audience ${remoteId}.`,
    help: () => 'Look it up at the destination.',
  }),
  'import/of-another': error<{ remoteId: string; destination: string; segment: string }>({
    retry: 'never', exit: 1,
    summary: 'The audience belongs to another segment',
    detail: ({ remoteId, destination, segment }) => `Audience ${remoteId} of Destination/${destination} is that of Segment/${segment}: each would take out whom the other put in.`,
    help: () => 'Choose another audience, or forget that segment first: cdp state rm.',
  }),
  'import/already-known': error<{ segment: string; destination: string; remoteId: string }>({
    retry: 'never', exit: 1,
    summary: 'It has an audience there already',
    detail: ({ segment, destination, remoteId }) => `Segment/${segment} is delivered to audience ${remoteId} of Destination/${destination}.`,
    help: () => 'To use another one from now on, and leave that one as it is, pass --force.',
  }),
} as const
