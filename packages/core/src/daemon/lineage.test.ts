import assert from 'node:assert/strict'
import type { Stream } from '../1-project/project.js'
import { aDestination, aSegment, aSource, anActivation } from '../testing/a-project.js'
import { type Lineage, aroundNode, toLineage } from './lineage.js'

const stream = (name: string, entity: string): Stream => ({ name, entity, key: 'id', map: {}, config: {} })
const lineage = toLineage({
  sources: [aSource('crm', { streams: [stream('contacts', 'person'), stream('accounts', 'account'), stream('roles', 'account-person')] }), aSource('web', { streams: [stream('visits', 'event')] })],
  segments: [
    aSegment('large', '$exists(accounts[employees > 500])', { activate: [anActivation('hook', { list: 'Large ones' })] }),
    aSegment('visitors', '$count(events) > 3', { lane: 'streaming', activate: [anActivation('hook', { list: 'visitors' })] }),
    aSegment('both', 'segments.large and segments.visitors', { readsSegments: ['large', 'visitors'] }),
  ],
  destinations: [aDestination('hook'), aDestination('unused')],
})
const shown = ({ edges }: Lineage): readonly string[] => edges.map((each) => `${each.from} → ${each.to}${each.label === undefined ? '' : ` (${each.label})`}`)

describe('toLineage', () => {
  it('leads from sources over streams and entities to segments, over segments to segments, and to destinations', () => {
    assert.deepEqual(shown(lineage), [
      'Source/crm → Stream/crm/accounts', 'Source/crm → Stream/crm/contacts', 'Source/crm → Stream/crm/roles', 'Source/web → Stream/web/visits',
      'Stream/crm/accounts → Schema/account', 'Stream/crm/contacts → Schema/person', 'Stream/crm/roles → Schema/account-person', 'Stream/web/visits → Schema/event',
      'Schema/account → Segment/large', 'Schema/account-person → Segment/large', 'Schema/event → Segment/visitors', 'Schema/person → Segment/both', 'Schema/person → Segment/large', 'Schema/person → Segment/visitors',
      'Segment/large → Segment/both', 'Segment/visitors → Segment/both',
      'Segment/large → Destination/hook (Large ones)', 'Segment/visitors → Destination/hook',
    ])
  })

  it('has every resource, used or not, and of the entities those that something fills or reads', () => {
    assert.deepEqual(lineage.nodes.map((each) => [each.id, each.detail]), [
      ['Source/crm', 'files'], ['Source/web', 'files'], ['Stream/crm/accounts', undefined], ['Stream/crm/contacts', undefined], ['Stream/crm/roles', undefined], ['Stream/web/visits', undefined],
      ['Schema/account', undefined], ['Schema/account-person', undefined], ['Schema/event', undefined], ['Schema/person', undefined],
      ['Segment/both', 'batch'], ['Segment/large', 'batch'], ['Segment/visitors', 'streaming'], ['Destination/hook', 'http'], ['Destination/unused', 'http'],
    ])
  })

  it('reads everything where the expression does', () => {
    const { edges } = toLineage({ sources: [], segments: [aSegment('all', '$count($) > 0')], destinations: [] })
    assert.deepEqual(edges.map((each) => each.from), ['account', 'campaign', 'event', 'marketing-list', 'opportunity', 'opportunity-person', 'person'].map((each) => `Schema/${each}`))
  })
})

describe('aroundNode', () => {
  it('has what leads to it and what it leads to, and nothing beside', () => {
    assert.deepEqual(shown(aroundNode(lineage, 'Stream/web/visits')), ['Source/web → Stream/web/visits', 'Stream/web/visits → Schema/event', 'Schema/event → Segment/visitors', 'Segment/visitors → Segment/both', 'Segment/visitors → Destination/hook'])
    assert.deepEqual(shown(aroundNode(lineage, 'Destination/unused')), [])
  })
})
