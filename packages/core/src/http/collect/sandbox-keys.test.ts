import assert from 'node:assert/strict'
import type { Applied } from '../../2-plan/applied.js'
import type { Log } from '../../kernel/log.js'
import { aProject, aSource, anApplied } from '../../testing/a-project.js'
import { SandboxKeys } from './sandbox-keys.js'

const applied = (): Applied => anApplied(aProject({ sources: [aSource('web', { connector: 'events' })] }))

describe('write keys of several sandboxes', () => {
  const told: string[] = []
  const log: Log = { write: (_level, message) => { told.push(message) } }

  it('tell the sandbox, and follow what is applied', () => {
    const states = { dev: applied(), prod: applied() }
    const keys = new Map([[states.dev, ['d']], [states.prod, ['p']]])
    const all = new SandboxKeys({ sandboxes: () => Object.entries(states).map(([name, state]) => ({ name, applied: state })), keysOf: (state) => (keys.get(state) ?? []).map((key) => ({ source: 1, key })), log })
    all.assertDistinct()
    assert.deepEqual(['d', 'p', 'x'].map((each) => all.current().find(each)), [{ sandbox: 'dev', source: 1 }, { sandbox: 'prod', source: 1 }, undefined])
    // Applied later: whoever had the key keeps it, and it is told once.
    states.prod = applied()
    keys.set(states.prod, ['d', 'n'])
    assert.deepEqual(['d', 'n', 'p', 'd'].map((each) => all.current().find(each)?.sandbox), ['dev', 'prod', undefined, 'dev'])
    assert.deepEqual(told, ['Two sandboxes have the same write key: Source/web of dev and Source/web of prod take events with one key, which has to tell the sandbox.'])
    assert.throws(() => { all.assertDistinct() }, { code: 'collect/same-key', exit: 3 })
  })
})
