// What became of a deletion, as text.
import type { DeletedProfile } from '../daemon/privacy/delete-profile.js'
import { counted, table } from './numbers.js'
import type { Paint } from './paint.js'

export function renderDeletedProfile({ request, profile, deleted, stillThere }: DeletedProfile, paint: Paint): string {
  const { records, events, identities, segments } = deleted
  const what = [counted(records, 'record'), counted(events, 'event'), counted(identities, 'identity', 'identities'), `a place in ${counted(segments, 'segment')}`].join(', ')
  const head = `Person ${String(profile)} is deleted: ${what}. Request ${request}.`
  if (stillThere.length === 0) return head
  const lines = table(stillThere.map((each) => [each.destination, each.segment, each.message ?? each.code ?? 'not told yet']))
  return [head, paint.yellow('These audiences may still have the person; later runs go on taking them out:'), ...lines.map((each) => `  ${each}`)].join('\n')
}
