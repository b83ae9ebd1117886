import assert from 'node:assert/strict'
import { standardEntities } from '../entities/standard-entities.js'
import { isCdpError } from '../kernel/error.js'
import { aDestination, aProject, aSegment, aSource, anActivation, anApplied } from '../testing/a-project.js'
import type { Applied } from './applied.js'
import { planForget, planMove } from './index.js'

const person = { ...standardEntities['person'], mergePolicy: { method: 'precedence', sources: ['crm', 'web'] } } as NonNullable<(typeof standardEntities)['person']>

const applied: Applied = anApplied(aProject({
  entities: { ...standardEntities, person },
  sources: [aSource('crm')],
  destinations: [aDestination('hook'), aDestination('vault', {}, { protect: true })],
  segments: [aSegment('hot', 'true', { activate: [anActivation('hook')] }), aSegment('reader', 'segments.hot and person.leadScore > 1 and segments.hot', { readsSegments: ['hot'] })],
}))
const uids = { crm: 1, hook: 2, vault: 3, hot: 4, reader: 5 }

const move = (kind: 'Source' | 'Segment' | 'Destination' | 'Schema', from: string, to: string, state = applied): Applied => ({ ...state, ...planMove({ applied: state, kind, from, to }).next })
const fails = (code: string) => (error: unknown): boolean => isCdpError(error) && error.code === code

describe('planMove', () => {
  it('keeps the uid, and changes nothing but the name', () => {
    const { hot, warm } = move('Segment', 'hot', 'warm').segments
    assert.deepEqual([hot, warm], [undefined, { uid: uids.hot, spec: { ...applied.segments['hot']?.spec, name: 'warm' } }])
  })

  it('is a plan for the state as it is', () => {
    assert.equal(planMove({ applied, kind: 'Segment', from: 'hot', to: 'warm' }).baseSerial, 1)
  })

  const rewritten: readonly (readonly [expression: string, to: string, after: string])[] = [
    ['segments.hot', 'warm', 'segments.warm'],
    ['segments.hot and $not(segments.hot)', 'much-hotter', 'segments.`much-hotter` and $not(segments.`much-hotter`)'],
    ['segments.`hot` or person.hot = "hot"', 'in', 'segments.`in` or person.hot = "hot"'],
    ['$lookup(segments, "hot")', 'warm', '$lookup(segments, "warm")'],
  ]
  for (const [expression, to, after] of rewritten) {
    it(`lets a segment that reads it follow: ${expression}`, () => {
      const reader = aSegment('reader', expression, { readsSegments: ['hot'] })
      const moved = move('Segment', 'hot', to, anApplied(aProject({ segments: [aSegment('hot', 'true'), reader] }))).segments['reader']?.spec
      assert.deepEqual([moved?.expression, moved?.readsSegments], [after, [to]])
    })
  }

  for (const expression of ['$lookup(segments, "h" & "ot")', '$keys(segments)[0] = "hot"', '($n := "hot"; $lookup(segments, $n))']) {
    it(`renames nothing when a segment computes the name: ${expression}`, () => {
      const state = anApplied(aProject({ segments: [aSegment('hot', 'true'), aSegment('reader', expression)] }))
      assert.throws(() => move('Segment', 'hot', 'warm', state), fails('state/cannot-follow'))
      assert.throws(() => planForget({ applied: state, kind: 'Segment', name: 'hot' }), fails('state/is-read'))
    })
  }

  it('lets activations, those that are leaving too, and merge policies follow', () => {
    const leaving: Applied = { ...applied, retired: [{ segment: { uid: 9, spec: aSegment('old', 'true', { activate: [anActivation('hook')] }) }, destinations: ['hook'], segmentRemoved: true }] }
    const moved = move('Destination', 'hook', 'peg', leaving)
    assert.deepEqual(Object.keys(moved.destinations), ['peg', 'vault'])
    assert.deepEqual(moved.segments['hot']?.spec.activate.map((each) => each.destination), ['peg'])
    assert.deepEqual(moved.retired.map((each) => [each.destinations, each.segment.spec.activate.map(({ destination }) => destination)]), [[['peg'], ['peg']]])
    assert.deepEqual(move('Source', 'crm', 'sfdc').entities['person']?.mergePolicy, { method: 'precedence', sources: ['sfdc', 'web'] })
  })

  it('lets configurations that name a source by its address follow', () => {
    const state = anApplied(aProject({ sources: [aSource('crm'), aSource('marketo', { config: { crm: 'Source/crm', other: 'crm' } })] }))
    assert.deepEqual(move('Source', 'crm', 'sfdc', state).sources['marketo']?.spec.config, { crm: 'Source/sfdc', other: 'crm' })
  })

  it('moves what was imported before it is applied', () => {
    const imported: Applied = { ...applied, reserved: { 'Segment/new': 7 } }
    assert.deepEqual(move('Segment', 'new', 'newer', imported).reserved, { 'Segment/newer': 7 })
    assert.throws(() => move('Segment', 'hot', 'new', imported), fails('state/name-taken'))
  })

  it('refuses a name that is taken, and schemas', () => {
    assert.throws(() => move('Segment', 'hot', 'reader'), fails('state/name-taken'))
    assert.throws(() => move('Schema', 'person', 'human'), fails('state/known-by-name'))
  })
})

describe('planForget', () => {
  it('takes a destination and the activations that lead to it', () => {
    const { next } = planForget({ applied, kind: 'Destination', name: 'hook' })
    assert.deepEqual([Object.keys(next.destinations), next.segments['hot']?.spec.activate], [['vault'], []])
  })

  it('takes a segment, whether it is there or on its way out, and delivers nothing', () => {
    const { next } = planForget({ applied, kind: 'Segment', name: 'reader' })
    assert.deepEqual([Object.keys(next.segments), next.retired], [['hot'], []])
    const leaving: Applied = { ...applied, retired: [{ segment: { uid: 9, spec: aSegment('old', 'true') }, destinations: ['hook'], segmentRemoved: true }] }
    assert.deepEqual(planForget({ applied: leaving, kind: 'Segment', name: 'old' }).next.retired, [])
  })

  it('refuses a segment that another one reads, and schemas', () => {
    assert.throws(() => planForget({ applied, kind: 'Segment', name: 'hot' }), fails('state/is-read'))
    assert.throws(() => planForget({ applied, kind: 'Schema', name: 'person' }), fails('state/known-by-name'))
  })

  it('is blocked by protection: of the destination, and of the sandbox for everything', () => {
    const blocks = (state: Applied, kind: 'Source' | 'Segment' | 'Destination', name: string): readonly string[] => planForget({ applied: state, kind, name }).blocks.map((each) => each.detail)
    assert.deepEqual([blocks(applied, 'Destination', 'vault'), blocks(applied, 'Destination', 'hook')], [['it is protected'], []])
    const prod: Applied = { ...applied, sandbox: { name: 'prod', protect: true, vars: {} } }
    assert.deepEqual([blocks(prod, 'Segment', 'reader'), blocks(prod, 'Source', 'crm')], [['sandbox prod is protected'], ['sandbox prod is protected']])
  })
})
