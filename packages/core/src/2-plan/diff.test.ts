import assert from 'node:assert/strict'
import type { Field } from '../entities/entity-schema.js'
import type { Policy } from '../entities/governance.js'
import { standardEntities } from '../entities/standard-entities.js'
import { aDestination, aProject, aSegment, aSource, anActivation, anApplied } from '../testing/a-project.js'
import { diff } from './diff.js'
import { toNextApplied } from './next-applied.js'
import type { Change } from './plan.js'
import { emptyApplied } from './read-applied.js'

const symbols = { create: '+', update: '~', rename: '>', delete: '-' } as const
const summary = (changes: readonly Change[]): readonly string[] => changes.map((each) => `${symbols[each.action]} ${each.address}`)

describe('diff', () => {
  it('finds nothing between a project and its own applied state', () => {
    const project = aProject({ sources: [aSource('crm')], segments: [aSegment('hot', 'person.email')] })
    assert.deepEqual(diff(project, anApplied(project)), [])
  })

  it('creates what others rest on first', () => {
    const project = aProject({ sources: [aSource('crm')], destinations: [aDestination('hook')], segments: [aSegment('hot', 'true', { activate: [anActivation('hook')] })] })
    assert.deepEqual(summary(diff(project, emptyApplied())), ['+ Source/crm', '+ Destination/hook', '+ Segment/hot'])
  })

  it('deletes a destination only after the segments that feed it', () => {
    const applied = anApplied(aProject({ destinations: [aDestination('hook')], segments: [aSegment('hot', 'true', { activate: [anActivation('hook')] })] }))
    assert.deepEqual(summary(diff(aProject(), applied)), ['- Segment/hot', '- Destination/hook'])
  })

  it('tells each field that changed, streams by their names', () => {
    const stream = { name: 'accounts', entity: 'account', key: 'id', map: { name: 'name' }, config: {} }
    const before = aProject({ sources: [aSource('crm', { streams: [stream, { ...stream, name: 'people' }] })] })
    const after = aProject({ sources: [aSource('crm', { streams: [{ ...stream, map: { name: '$uppercase(name)' } }] })] })
    assert.deepEqual(diff(after, anApplied(before))[0]?.fields, [
      { field: 'streams[accounts].map.name', before: 'name', after: '$uppercase(name)' },
      { field: 'streams[people]', before: { ...stream, name: 'people' } },
    ])
  })

  it('takes a renamed segment for the same one, and its uid goes on', () => {
    const applied = anApplied(aProject({ segments: [aSegment('hot-leads', 'true')] }))
    const project = aProject({ segments: [aSegment('hot-engagers', 'true', { renamedFrom: ['hot-leads'] })] })
    const [change] = diff(project, applied)
    assert.deepEqual([change?.action, change?.from, change?.fields], ['rename', 'Segment/hot-leads', []])
    assert.equal(toNextApplied(project, applied).segments['hot-engagers']?.uid, applied.segments['hot-leads']?.uid)
  })

  it('does not take a former name for a rename while that name is in use', () => {
    const applied = anApplied(aProject({ segments: [aSegment('a', 'true')] }))
    const project = aProject({ segments: [aSegment('a', 'true'), aSegment('b', 'true', { renamedFrom: ['a'] })] })
    assert.deepEqual(summary(diff(project, applied)), ['+ Segment/b'])
  })

  it('names the sandbox variable that changed a resource which nobody edited', () => {
    const of = (url: string): ReturnType<typeof aProject> => aProject({ sandbox: { name: 'dev', protect: false, vars: { url } }, destinations: [aDestination('hook', { url })] })
    const changes = diff(of('http://b'), anApplied(of('http://a')))
    assert.deepEqual(changes.map((each) => [each.address, each.cause]), [['Sandbox/dev', undefined], ['Destination/hook', 'vars.url changed']])
  })

  it('shows a schema only when it differs from the B2B pack', () => {
    const person = standardEntities['person']
    assert.ok(person)
    const project = aProject({ entities: { ...standardEntities, person: { ...person, fields: { ...person.fields, nps: { type: 'integer' } } } } })
    assert.deepEqual(diff(project, emptyApplied()).map((each) => [each.address, each.action, each.classes, each.fields]), [
      ['Schema/person', 'update', ['backfill'], [{ field: 'fields.nps', after: { type: 'integer' } }]],
    ])
  })

  it('reads nothing again for a label: it says what data is, not what is stored', () => {
    const person = standardEntities['person']
    assert.ok(person)
    const labelled = (field: Field): ReturnType<typeof aProject> => aProject({ entities: { ...standardEntities, person: { ...person, fields: { ...person.fields, 'nps.labels': field } } } })
    const changes = diff(labelled({ type: 'integer', labels: ['C2'] }), anApplied(labelled({ type: 'integer' })))
    assert.deepEqual(changes.map((each) => [each.classes, each.fields]), [[['metadata'], [{ field: 'fields.nps.labels.labels', after: ['C2'] }]]])
    assert.deepEqual(diff(labelled({ type: 'integer', labels: ['C2'] }), emptyApplied()).map((each) => each.classes), [['backfill']])
  })

  it('tells which policies come, change and go', () => {
    const policy: Policy = { name: 'partners', description: '', deny: 'x-partner', enabled: true }
    const applied = anApplied(aProject({ policies: [policy] }))
    assert.deepEqual(diff(aProject({ policies: [policy] }), emptyApplied()).map((each) => [each.address, each.action]), [['Policy/partners', 'create']])
    assert.deepEqual(diff(aProject({ policies: [{ ...policy, enabled: false }] }), applied).map((each) => each.fields), [[{ field: 'enabled', before: true, after: false }]])
    assert.deepEqual(diff(aProject(), applied).map((each) => [each.address, each.action, each.classes]), [['Policy/partners', 'delete', ['metadata']]])
  })
})

describe('toNextApplied', () => {
  it('retires a removed segment with the destinations that it must leave', () => {
    const applied = anApplied(aProject({ destinations: [aDestination('hook')], segments: [aSegment('hot', 'true', { activate: [anActivation('hook')] })] }))
    const next = toNextApplied(aProject({ destinations: [aDestination('hook')] }), applied)
    assert.deepEqual(next.retired.map((each) => [each.segment.spec.name, each.destinations, each.segmentRemoved]), [['hot', ['hook'], true]])
  })

  it('retires only the activation when the segment stays', () => {
    const before = aProject({ destinations: [aDestination('a'), aDestination('b')], segments: [aSegment('hot', 'true', { activate: [anActivation('a'), anActivation('b')] })] })
    const after = aProject({ destinations: before.destinations, segments: [aSegment('hot', 'true', { activate: [anActivation('b')] })] })
    assert.deepEqual(toNextApplied(after, anApplied(before)).retired.map((each) => [each.destinations, each.segmentRemoved]), [[['a'], false]])
  })

  it('lets exits follow a destination to its new name', () => {
    const before = anApplied(aProject({ destinations: [aDestination('hook')], segments: [aSegment('hot', 'true', { activate: [anActivation('hook')] })] }))
    const leaving = { ...before, ...toNextApplied(aProject({ destinations: [aDestination('hook')] }), before) }
    const next = toNextApplied(aProject({ destinations: [aDestination('webhook', {}, { renamedFrom: ['hook'] })] }), leaving)
    assert.deepEqual(next.retired.map((each) => [each.destinations, each.segment.spec.activate.map((activation) => activation.destination)]), [[['webhook'], ['webhook']]])
  })

  it('retires nothing when a destination and what names it are renamed together', () => {
    const before = anApplied(aProject({ destinations: [aDestination('hook')], segments: [aSegment('hot', 'true', { activate: [anActivation('hook')] })] }))
    const after = aProject({ destinations: [aDestination('webhook', {}, { renamedFrom: ['hook'] })], segments: [aSegment('hot', 'true', { activate: [anActivation('webhook')] })] })
    assert.deepEqual(toNextApplied(after, before).retired, [])
  })

  it('never gives a uid twice', () => {
    const applied = anApplied(aProject({ segments: [aSegment('a', 'true')] }))
    const next = toNextApplied(aProject({ segments: [aSegment('b', 'true')], sources: [aSource('crm')] }), applied)
    const uids = [...Object.values(next.segments), ...Object.values(next.sources)].map((each) => each.uid)
    assert.deepEqual([...uids].sort(), [2, 3])
    assert.equal(next.nextUid, 4)
  })
})
