// What is checked in a segment's expression before any data is touched: mistakes that would fail or be wrong for everyone
// are errors, traps are warnings. docs/guide/segments.md has them with examples.
import { diagnostic } from './code.js'

export const checkCodes = {
  'expression/unknown-field': diagnostic<{ field: string; of: string; suggestion: string }>({
    severity: 'error', summary: 'Unknown field',
    detail: ({ field, of }) => `"${field}" is no field of ${of}, so it would always be missing.`,
    help: ({ suggestion }) => suggestion || 'Check the name, or add the field to the schema.',
  }),
  'expression/different-types': diagnostic<{ left: string; right: string; outcome: string; instead: string }>({
    severity: 'error', summary: 'Values of different types are compared',
    detail: ({ left, right, outcome }) => `${left}, and ${right}: ${outcome}.`,
    help: ({ instead }) => instead,
  }),
  'expression/no-order': diagnostic<{ what: string; operator: string; instead: string }>({
    severity: 'error', summary: 'Only numbers and texts have an order',
    detail: ({ what, operator }) => `${what}, and ${operator} fails on it.`,
    help: ({ instead }) => instead,
  }),
  'expression/arithmetic-on-text': diagnostic<{ what: string; operator: string; instead: string }>({
    severity: 'error', summary: 'Arithmetic needs numbers',
    detail: ({ what, operator }) => `${what}, and ${operator} fails on it.`,
    help: ({ instead }) => instead,
  }),
  'expression/wrong-argument': diagnostic<{ function: string; what: string; wanted: string; instead: string }>({
    severity: 'error', summary: 'The function takes something else',
    detail: ({ function: name, what, wanted }) => `${what}; $${name} wants ${wanted} and fails on it.`,
    help: ({ instead }) => instead,
  }),
  'expression/list-equality': diagnostic<{ list: string; outcome: string; instead: string }>({
    severity: 'error', summary: 'A list is compared with one value',
    detail: ({ list, outcome }) => `${list}: ${outcome}.`,
    help: ({ instead }) => instead,
  }),
  'expression/list-as-value': diagnostic<{ list: string; where: string; instead: string }>({
    severity: 'error', summary: 'A list where one value is wanted',
    detail: ({ list, where }) => `${list} is a list as soon as there are several, and ${where} fails on it.`,
    help: ({ instead }) => instead,
  }),
  'expression/predicate-is-number': diagnostic<{ predicate: string; instead: string }>({
    severity: 'error', summary: 'A number in brackets is a position',
    detail: ({ predicate }) => `${predicate} is a number, so it picks the item at that position instead of being a condition.`,
    help: ({ instead }) => instead,
  }),
  'expression/impossible-value': diagnostic<{ field: string; value: string; allowed: string; suggestion: string }>({
    severity: 'error', summary: 'The field never has this value',
    detail: ({ field, value, allowed }) => `${field} cannot be ${value}. Its values are ${allowed}.`,
    help: ({ suggestion }) => suggestion || 'Use one of them, or add the value to the schema.',
  }),
  'expression/not-a-date': diagnostic<{ value: string; where: string }>({
    severity: 'error', summary: 'This is no date',
    detail: ({ value, where }) => `${value} is no date, and ${where}.`,
    help: () => 'Write it as "2025-06-30", an instant as "2025-06-30T12:00:00.000Z", or take $daysAgo(30).',
  }),
  'expression/bad-offset': diagnostic<{ offset: string; instead: string }>({
    severity: 'error', summary: 'This is no time zone for $fromMillis',
    detail: ({ offset }) => `$fromMillis reads ${offset} as something else: it knows offsets of the form "+0100" only.`,
    help: ({ instead }) => instead,
  }),
  'expression/default-of-function': diagnostic<{ operator: string; what: string; instead: string }>({
    severity: 'error', summary: 'The left side of a default is damaged',
    detail: ({ operator, what }) => `JSONata copies what stands left of ${operator}, and the copy loses ${what}.`,
    help: ({ instead }) => instead,
  }),
  'expression/not-equal-on-missing': diagnostic<{ field: string; instead: string }>({
    severity: 'warning', summary: 'Missing values are not unequal',
    detail: ({ field }) => `${field} may be missing, and then != is false: those without it are not matched.`,
    help: ({ instead }) => instead,
  }),
  'expression/not-of-missing': diagnostic<{ function: string; argument: string; instead: string }>({
    severity: 'warning', summary: 'The opposite of nothing is nothing',
    detail: ({ function: name, argument }) => `${argument} may be missing, and then $${name} is missing as well, which does not match.`,
    help: ({ instead }) => instead,
  }),
  'expression/compares-null': diagnostic<{ field: string; instead: string }>({
    severity: 'warning', summary: 'Nothing is stored as null',
    detail: ({ field }) => `What has no value is missing, not null, so this never matches ${field}.`,
    help: ({ instead }) => instead,
  }),
  'expression/empty-aggregate': diagnostic<{ aggregate: string; instead: string }>({
    severity: 'warning', summary: 'Nothing to add up is not 0',
    detail: ({ aggregate }) => `Without any value ${aggregate} is missing, and the comparison does not match.`,
    help: ({ instead }) => instead,
  }),
  'expression/phantom-items': diagnostic<{ list: string; instead: string }>({
    severity: 'warning', summary: 'The condition holds for what is not there',
    detail: ({ list }) => `Where ${list} is missing, this condition is true, and JSONata counts one item that does not exist.`,
    help: ({ instead }) => instead,
  }),
  'expression/index-per-item': diagnostic<{ index: string; list: string; instead: string }>({
    severity: 'warning', summary: 'The position counts for each item',
    detail: ({ index, list }) => `${index} is taken for each of ${list}, not once from all.`,
    help: ({ instead }) => instead,
  }),
  'expression/several-rows': diagnostic<{ list: string; outcome: string; instead: string }>({
    severity: 'warning', summary: 'Several rows may pass',
    detail: ({ list, outcome }) => `${list} is a list when several rows pass, and ${outcome}.`,
    help: ({ instead }) => instead,
  }),
  'expression/not-boolean': diagnostic<{ what: string; trap: string; instead: string }>({
    severity: 'warning', summary: 'The condition is not true or false',
    detail: ({ what, trap }) => `${what}: ${trap}.`,
    help: ({ instead }) => instead,
  }),
  'expression/always-true': diagnostic<{ condition: string; reason: string; instead: string }>({
    severity: 'warning', summary: 'This condition is always true',
    detail: ({ condition, reason }) => `${condition} is true for everyone: ${reason}.`,
    help: ({ instead }) => instead,
  }),
  'expression/always-false': diagnostic<{ condition: string; reason: string; instead: string }>({
    severity: 'warning', summary: 'This condition is never true',
    detail: ({ condition, reason }) => `${condition} is true for nobody: ${reason}.`,
    help: ({ instead }) => instead,
  }),
  'expression/default-precedence': diagnostic<{ operator: string; read: string; instead: string }>({
    severity: 'warning', summary: 'The default belongs to something else than it seems',
    detail: ({ operator, read }) => `${operator} binds as loosely as a comparison, so JSONata reads ${read}.`,
    help: ({ instead }) => instead,
  }),
  'expression/unbounded-events': diagnostic<{ instead: string }>({
    severity: 'warning', summary: 'All events of all time',
    detail: () => 'This streaming segment reads the whole history of a person on each event.',
    help: ({ instead }) => instead,
  }),
  'expression/object-equality': diagnostic<{ what: string }>({
    severity: 'warning', summary: 'Whole objects are compared',
    detail: ({ what }) => `${what} is an object: it is equal only when every field is, even those that nobody looks at.`,
    help: () => 'Compare a key or the fields that matter.',
  }),
  'expression/costly-order': diagnostic<{ what: string; instead: string }>({
    severity: 'warning', summary: 'All events of all time are put in order',
    detail: ({ what }) => `${what} takes time that grows with the square of their number.`,
    help: ({ instead }) => instead,
  }),
  'expression/reads-everything': diagnostic<{ operator: string }>({
    severity: 'warning', summary: 'Everything is read',
    detail: ({ operator }) => `${operator} reads every list of the profile, so the segment can only run in batch.`,
    help: () => 'Name the fields that you mean.',
  }),
  'expression/random': diagnostic<{ function: string }>({
    severity: 'warning', summary: 'Chance decides',
    detail: ({ function: name }) => `$${name} gives something else at each evaluation: people enter and leave without a reason.`,
    help: () => 'For a stable sample take a piece of a key, such as $substring(person.personKey, 0, 1).',
  }),
  'expression/single-may-fail': diagnostic<{ call: string; instead: string }>({
    severity: 'warning', summary: '$single fails on none and on several',
    detail: ({ call }) => `${call} is an error for people with no such item, and for those with several; they are not members.`,
    help: ({ instead }) => instead,
  }),
  'expression/float-equality': diagnostic<{ what: string; instead: string }>({
    severity: 'warning', summary: 'Computed numbers are seldom equal',
    detail: ({ what }) => `${what} is computed with rounding errors: 0.1 + 0.2 is not 0.3.`,
    help: ({ instead }) => instead,
  }),
  'expression/date-form': diagnostic<{ value: string; reason: string; instead: string }>({
    severity: 'warning', summary: 'Dates in two forms',
    detail: ({ value, reason }) => `${value} ${reason}.`,
    help: ({ instead }) => instead,
  }),
} as const

export type CheckCode = keyof typeof checkCodes
