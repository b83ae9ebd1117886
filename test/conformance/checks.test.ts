// What the checks believe that an expression can give, against what it gives: on random expressions and random profiles of the
// store no value is of another type, and nothing that is said to be always so is ever otherwise.
import assert from 'node:assert/strict'
import { check } from '../../packages/core/src/expressions/checks/check.js'
import { inspect } from '../../packages/core/src/expressions/checks/inspect.js'
import type { Seen } from '../../packages/core/src/expressions/checks/seen.js'
import type { Expression } from '../../packages/core/src/expressions/expression.js'
import { parseExpression } from '../../packages/core/src/expressions/parse.js'
import { toRootShape } from '../../packages/core/src/expressions/root-shape.js'
import type { Json, JsonObject } from '../../packages/core/src/kernel/json.js'
import { isJsonArray, isJsonObject } from '../../packages/core/src/kernel/json.js'
import { arbitraryExpression } from './arbitrary-expressions.js'
import { arbitraryProfile } from './arbitrary-profiles.js'
import { nowMs } from './arbitrary-values.js'
import { sampleOf } from './draw.js'
import { readModel, relationNames, toEntities } from './model.js'
import { toText } from './phrase.js'

const model = readModel()
const shape = toRootShape(toEntities(model), 'person')
const seed = 20_261_123
const profiles = sampleOf(arbitraryProfile(model, 'tidy'), 16, seed).map((each) => ({ ...Object.fromEntries(relationNames.map((name) => [name, []])), ...(withoutNulls(each) as JsonObject) }))

// The store drops them.
function withoutNulls(value: Json): Json {
  if (isJsonArray(value)) return value.filter((each) => each !== null).map(withoutNulls)
  return isJsonObject(value) ? Object.fromEntries(Object.entries(value).filter(([, each]) => each !== null).map(([key, each]) => [key, withoutNulls(each)])) : value
}

function isPossible(seen: Seen, value: Json | undefined): boolean {
  switch (seen.is) {
    case 'plain':
      if (seen.constant) return value === seen.constant.value
      return value === undefined || (seen.type === 'null' ? value === null : typeof value === seen.type)
    case 'object':
      return value === undefined ? seen.missingBy.length > 0 : isJsonObject(value)
    case 'record':
      return value === undefined || isJsonObject(value)
    case 'list':
      return value === undefined ? seen.missingBy.length > 0 : isJsonArray(value) && value.every((each) => isPossible(seen.item, each))
    case 'rows':
      if (seen.isWhole && (value === undefined || !isJsonArray(value))) return false
      return value === undefined || (isJsonArray(value) ? value.every((each) => isPossible(seen.item, each)) : isPossible(seen.item, value))
    case 'any':
    case 'missing':
    case 'root':
    case 'segments':
    case 'vars':
    case 'lambda':
    case 'regex':
      return true
  }
}

async function findImpossible(expression: Expression, seen: Seen): Promise<string | undefined> {
  for (const profile of profiles) {
    const outcome = await expression.evaluate(profile, { nowMs, vars: {} })
    if (outcome.ok && !isPossible(seen, outcome.value)) return `${seen.is}, and gives ${JSON.stringify(outcome.value)}`
  }
  return undefined
}

describe('checks of random expressions', () => {
  it('believe nothing that does not hold, and find places inside the text', async () => {
    const wrong: string[] = []
    for (const phrase of sampleOf(arbitraryExpression(model), 600, seed)) {
      const text = toText(phrase)
      const parsed = parseExpression(text)
      if (!parsed.ok) continue
      const { tree } = parsed.expression
      for (const { code, range } of check({ tree, text, shape, vars: {}, streams: true })) if (range.from < 0 || range.to > text.length || range.from >= range.to) wrong.push(`${text}: ${code} has no place`)
      const impossible = await findImpossible(parsed.expression, inspect({ tree, text, shape, vars: {} }).gives)
      if (impossible !== undefined) wrong.push(`${text}: ${impossible}`)
    }
    assert.deepEqual(wrong, [])
  }).timeout(60_000)
})
