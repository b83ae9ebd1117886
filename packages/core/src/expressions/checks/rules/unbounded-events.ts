// A streaming segment is evaluated at each event: without a time window it reads everything that ever happened.
import { allNodes } from '../../syntax-tree.js'
import { defineRule } from '../rule.js'
import { functionName, isBoundedInTime } from '../tree.js'
import type { Visit } from '../visit.js'

export const unboundedEvents = defineRule('expression/unbounded-events', ['relation'], (visit, about) => {
  if (!about.streams || visit.relation !== 'events' || isBoundedInTime(visit.filters) || isBoundedElsewhere(visit)) return []
  return [{ node: visit.node, token: true, params: { instead: `Add a time window: events[${visit.filters.length > 0 ? '… and ' : ''}timestamp > $daysAgo(30)].` } }]
})

/** Bound to a variable, or given to a function that looks at the time itself: what becomes of it is not followed. */
function isBoundedElsewhere({ around }: Extract<Visit, { at: 'relation' }>): boolean {
  if (around?.type === 'bind') return true
  return around !== undefined && ['filter', 'map', 'reduce', 'single', 'sort'].includes(functionName(around)) && [...allNodes(around)].some((each) => each.type === 'name' && each.value === 'timestamp')
}
