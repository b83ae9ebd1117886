import assert from 'node:assert/strict'
import { functions } from './functions/index.js'
import { libraryFunction, libraryFunctionNames } from './jsonata.js'

describe('the functions of the package', () => {
  it('are there without waiting', () => {
    assert.equal(libraryFunction('formatBase').implementation(255, 16), 'ff')
  })

  it('are all ours but those of chance and $eval, with the same signatures', () => {
    const named = [...libraryFunctionNames].filter((name) => !['random', 'shuffle', 'eval'].includes(name))
    assert.deepEqual([...functions.keys()].filter((name) => !['daysAgo', 'hoursAgo'].includes(name)).sort(), named.sort())
    for (const name of named) assert.equal(functions.get(name)?.signature, libraryFunction(name).signature.definition, name)
  })
})
