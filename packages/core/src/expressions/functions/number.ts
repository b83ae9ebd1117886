import { raise } from '../closure/failure.js'
import { defineFunction } from './function-spec.js'

const decimal = /^-?[0-9]+(\.[0-9]+)?([Ee][-+]?[0-9]+)?$/
// The reference's own pattern: the anchors bind to the first and the last alternative only.
const otherBase = /^(0[xX][0-9A-Fa-f]+)|(0[oO][0-7]+)|(0[bB][0-1]+)$/

export function numberOf(value: unknown): number {
  if (typeof value === 'number') return value
  if (typeof value === 'string') {
    if (decimal.test(value)) {
      const parsed = Number.parseFloat(value)
      if (Number.isFinite(parsed)) return parsed
    }
    if (otherBase.test(value)) return Number(value)
  }
  if (typeof value === 'boolean') return value ? 1 : 0
  return raise({ code: 'D3030', value, index: 1 })
}

export const number = defineFunction({ name: 'number', signature: '<(nsb)-:n>', gives: 'number', closure: (value: unknown) => (value === undefined ? undefined : numberOf(value)), shortcut: { takes: ['string'], run: numberOf } })
