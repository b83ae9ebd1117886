// People by bulk extract: all of them by the time when they were made, or those that changed in a time (where the subscription has
// that filter: Marketo's hidden time of change, which knows more than the visible updatedAt).
import type { JsonObject } from '@cdpkit/core/sdk'
import { type LeadFields, toLead } from './lead-fields.js'
import type { WindowPlan } from './windows.js'

export function leadPlan(by: 'createdAt' | 'updatedAt', fields: readonly string[], types: LeadFields, toRecord: (lead: JsonObject) => JsonObject = (lead) => lead): WindowPlan {
  return { kind: 'leads', fields, filter: (range) => ({ [by]: range }), toRecord: (columns, row) => toRecord(toLead(columns, row, types)) }
}
