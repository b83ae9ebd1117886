import { raise } from '../closure/failure.js'
import type { FunctionValue } from '../closure/function-value.js'
import { spend } from '../closure/run.js'
import { newSequence, addItem } from '../closure/values.js'
import { firstMatch, nextMatch } from './matching-text.js'
import { defineFunction } from './function-spec.js'

export const match = defineFunction({
  name: 'match', signature: '<s-f<s:o>n?:a<o>>',
  closure: (text: string | undefined, matcher: FunctionValue, limit: number | undefined) => {
    if (text === undefined) return undefined
    if (limit !== undefined && limit < 0) raise({ code: 'D3040', value: limit, index: 3 })
    const found = newSequence()
    if (limit !== undefined && !(limit > 0)) return found
    let at = firstMatch(matcher, text)
    while (at !== undefined && (limit === undefined || found.length < limit)) {
      spend(1)
      addItem(found, { match: at.match, index: at.start, groups: at.groups })
      at = nextMatch(at)
    }
    return found
  },
})
