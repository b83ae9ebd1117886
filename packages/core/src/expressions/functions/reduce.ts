import { raise } from '../closure/failure.js'
import { type FunctionValue, arityOf } from '../closure/function-value.js'
import { defineFunction } from './function-spec.js'

export const reduce = defineFunction({
  name: 'reduce', signature: '<afj?:j>',
  closure: (items: readonly unknown[] | undefined, func: FunctionValue, init: unknown) => {
    if (items === undefined) return undefined
    const arity = arityOf(func)
    if (arity < 2) raise({ code: 'D3050', index: 1 })
    const startsWithFirst = init === undefined && items.length > 0
    let result = startsWithFirst ? items[0] : init
    for (let index = startsWithFirst ? 1 : 0; index < items.length; index++) {
      const args: unknown[] = [result, items[index]]
      if (arity >= 3) args.push(index)
      if (arity >= 4) args.push(items)
      result = func(...args)
    }
    return result
  },
})
