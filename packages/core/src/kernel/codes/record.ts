// Why a record is in quarantine. Each code with its text; `cdp status` counts them, docs/reference/codes.md lists them.

export const recordCodes = {
  'record/unreadable': 'The source gave something that is no record',
  'record/no-key': 'The record has no key',
  'record/wrong-type': 'A value is not of its field’s type',
  'record/not-in-enum': 'A value is none of those that the field allows',
  'record/out-of-range': 'A number is outside the field’s range',
  'record/invalid-text': 'A text is no valid Unicode',
  'record/mapping-failed': 'The mapping expression of a field failed',
  'record/no-timestamp': 'The event does not say when it happened',
  'record/no-identity': 'The event does not say whose it is',
  'guardrail/record-size': 'The record is larger than its guardrail allows (100 KB)',
  'guardrail/event-size': 'The event is larger than its guardrail allows (10 KB)',
  'guardrail/row-fields': 'The record has more fields than its guardrail allows (10,000)',
} as const

export type RecordCode = keyof typeof recordCodes
