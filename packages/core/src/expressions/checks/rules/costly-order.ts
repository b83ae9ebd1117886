// Sorting and $distinct compare each event with each other one.
import { defineRule } from '../rule.js'
import type { Seen } from '../seen.js'
import { isBoundedInTime } from '../tree.js'

export const costlyOrder = defineRule('expression/costly-order', ['sort', 'call'], (visit, about) => {
  if (visit.at === 'sort') return isAllEvents(visit.of) ? [{ node: visit.node, params: { what: 'Sorting events', instead: insteadOfSort } }] : []
  const [first] = visit.args
  if (!first || !isAllEvents(first.seen)) return []
  if (visit.name === 'sort') return [{ node: visit.node, params: { what: 'Sorting events', instead: insteadOfSort } }]
  return visit.name === 'distinct' ? [{ node: visit.node, params: { what: about.say(visit.node), instead: 'Add a time window: events[timestamp > $daysAgo(90)].' } }] : []
})

const insteadOfSort = 'Events stand in order of time: events[-1] is the latest, (events[…])[-1] the latest of a kind. Or add a time window.'

function isAllEvents(seen: Seen): boolean {
  return seen.is === 'rows' && seen.relation === 'events' && !isBoundedInTime(seen.filters)
}
