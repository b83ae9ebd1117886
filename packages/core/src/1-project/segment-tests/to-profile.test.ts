import assert from 'node:assert/strict'
import type { EntitySchema } from '../../entities/entity-schema.js'
import { type Paths, type ProfileEntity, defaultPaths } from '../../entities/profile-entity.js'
import { account, accountPerson, campaign, campaignMember, event, listMember, marketingList, opportunity, opportunityPerson, person, standardEntities } from '../../entities/standard-entities.js'
import { DiagnosticLog, describe as told } from '../../kernel/diagnostic.js'
import type { JsonObject } from '../../kernel/json.js'
import { readProfileViews } from '../../matching/profile-view.js'
import { unifiedTable } from '../../stores/entity-tables.js'
import type { StoreRow } from '../../stores/store.js'
import { personAccountTable } from '../../stores/tables.js'
import { aStore } from '../../testing/a-store.js'
import { Placed } from '../placed.js'
import { parseDocuments } from '../read.js'
import { type ProfileParts, toProfile } from './to-profile.js'

interface Options {
  readonly entity?: ProfileEntity
  readonly paths?: Partial<Paths>
  readonly entities?: Readonly<Record<string, EntitySchema>>
}

/** The profile that a YAML text gives, and what was wrong with it: `line:column code detail`. */
function read(yaml: string, { entity = 'person', paths = {}, entities = standardEntities }: Options = {}): ProfileParts & { readonly problems: readonly string[] } {
  const log = new DiagnosticLog()
  const [document] = parseDocuments({ file: 'a.test.yaml', text: `profiles:\n  p:\n${yaml.replaceAll(/^(?=.)/gm, '    ')}` }, log)
  assert.ok(document)
  const { profiles } = document.value as { profiles: { p: JsonObject | null } }
  const parts = toProfile(profiles.p ?? {}, ['profiles', 'p'], {
    placed: new Placed(document, document.value), entities, entity, paths: { ...defaultPaths, ...paths }, id: '1', log, segmentEntities: new Map([['hot', 'person'], ['big', 'account']]),
  })
  return { ...parts, problems: log.sorted().map((each) => `${String(each.at?.from.line)}:${String(each.at?.from.column)} ${each.code} ${told(each).detail} ${told(each).help}`.trim()) }
}

const emptyPerson = { id: '1', person: { personKey: 'person@test.Test' }, accounts: [], opportunities: [], opportunityRoles: [], campaignMemberships: [], listMemberships: [], events: [] }

describe('a profile of a test', () => {
  it('has what the store always has, where it says nothing', () => {
    assert.deepEqual(read('{}'), { root: emptyPerson, stated: {}, problems: [] })
    assert.deepEqual(read('{}', { entity: 'account' }).root, { id: '1', account: { accountKey: 'account@test.Test' }, people: [], opportunities: [], children: [] })
  })

  it('gives things a key and accounts their relation, by the way that the segment asks for', () => {
    const accounts = (yaml: string, paths: Partial<Paths> = {}): unknown => read(yaml, { paths }).root['accounts']
    assert.deepEqual(accounts('accounts: [{ employees: 5 }]'), [{ accountKey: 'accounts-1@test.Test', employees: 5, relation: { direct: false, throughOpportunity: false } }])
    assert.deepEqual(accounts('accounts: [{ accountKey: A1 }]', { accounts: 'direct' }), [{ accountKey: 'A1', relation: { direct: true, throughOpportunity: false } }])
    assert.deepEqual(accounts('accounts: [{ accountKey: A1, relation: { role: Buyer, direct: false } }]', { accounts: 'direct' }), [{ accountKey: 'A1', relation: { role: 'Buyer', direct: false, throughOpportunity: false } }])
  })

  it('drops null and empty text everywhere', () => {
    const { root, problems } = read('id: null\nperson: { title: null, email: "", tags: [a, null, ""], consents: null, custom: { kept: null } }\nopportunities: null\nevents: []\nsegments: null')
    assert.deepEqual([root, problems], [{ ...emptyPerson, person: { personKey: 'person@test.Test', tags: ['a'], custom: { kept: null } } }, []])
  })

  it('writes times as ingestion does, and puts events in their order', () => {
    const { root, problems } = read([
      'person: { createdDate: 2026-11-23T08:00:00+02:00, birthDate: 1990-02-03T10:00:00Z }',
      'events:',
      '  - { eventType: third, timestamp: 2026-11-23T06:00:00.5Z }',
      '  - { eventType: first, timestamp: 2026-11-22 }',
      '  - { eventType: second, timestamp: 2026-11-23 06:00 }',
      '  - { eventType: also third, timestamp: 2026-11-23T07:00:00.500+01:00 }',
    ].join('\n'))
    assert.deepEqual(problems, [])
    assert.deepEqual(root['person'], { personKey: 'person@test.Test', birthDate: '1990-02-03', createdDate: '2026-11-23T06:00:00.000Z' })
    assert.deepEqual(root['events'], [
      { eventType: 'first', timestamp: '2026-11-22T00:00:00.000Z' },
      { eventType: 'second', timestamp: '2026-11-23T06:00:00.000Z' },
      { eventType: 'third', timestamp: '2026-11-23T06:00:00.500Z' },
      { eventType: 'also third', timestamp: '2026-11-23T06:00:00.500Z' },
    ])
  })

  it('takes nested fields as maps and by their dotted names, and refuses both at once', () => {
    const pricing = [{ timestamp: '2026-11-22T00:00:00.000Z', web: { url: 'u', page: 'pricing' } }]
    assert.deepEqual(read('events: [{ timestamp: 2026-11-22, web: { page: pricing, url: u } }]').root['events'], pricing)
    assert.deepEqual(read('events: [{ timestamp: 2026-11-22, web.page: pricing, web.url: u }]').root['events'], pricing)
    assert.deepEqual(read('events: [{ timestamp: 2026-11-22, web.page: pricing, web: { page: other } }]').problems, [
      '3:65 project/duplicate-key "web.page" stands twice in one map; only one of them could count. Remove one of them.',
    ])
  })

  it('shows a campaign and its name wherever either was written', () => {
    const seen = [{ campaignName: 'Spring', status: 'Responded', campaign: { campaignKey: 'campaignMemberships-1-campaign@test.Test', name: 'Spring' } }]
    assert.deepEqual(read('campaignMemberships: [{ status: Responded, campaignName: Spring }]').root['campaignMemberships'], seen)
    assert.deepEqual(read('campaignMemberships: [{ status: Responded, campaign: { name: Spring } }]').root['campaignMemberships'], seen)
    assert.deepEqual(read('campaignMemberships: [{ status: Responded }]').root['campaignMemberships'], [{ status: 'Responded', campaign: {} }])
    assert.deepEqual(read('listMemberships: [{ listName: VIP }]').root['listMemberships'], [{ listName: 'VIP', list: { listKey: 'listMemberships-1-list@test.Test', name: 'VIP' } }])
  })

  it('states memberships of other segments, and refuses those that are none', () => {
    assert.deepEqual(read('segments: { hot: true }').stated, { hot: true })
    assert.deepEqual(read('segments: { hot: false }').stated, { hot: false })
    assert.deepEqual(read('segments: { hott: true, big: true, hot: yes }').problems, [
      '3:17 project/unknown-reference There is no segment "hott". Did you mean "hot"?',
      '3:29 project/segment-of-other-entity "big" holds accounts; this segment holds persons. Read it from a segment of the same entity.',
      '3:45 project/wrong-type "hot" must be true or false, and is "yes", which is text in YAML 1.2. Write true or false.',
    ])
    assert.equal(read('segments: [hot]').problems[0]?.split(' ')[1], 'project/wrong-type')
  })

  it('tells what no expression sees, at its place and with the nearest name', () => {
    assert.deepEqual(read('persn: { title: CEO }\nperson: { titel: CEO, web: 1, scores: { fitt: 3 }, <<: { a: 1 } }\nconstructor: 1\naccounts: [{ relation: { rol: x } }]').problems, [
      '3:5 test/unknown-name A segment of people sees no "persn". Did you mean "person"?',
      '4:15 project/unknown-field Entity person has no field "titel". Did you mean "title"?',
      '4:27 project/unknown-field Entity person has no field "web". Add it to the schema of person.',
      '4:45 project/unknown-field Entity person has no field "scores.fitt". Did you mean "scores.fit"?',
      '4:56 project/unknown-field Entity person has no field "<<". YAML 1.2 has no merge keys: write the fields out.',
      '5:5 test/unknown-name A segment of people sees no "constructor". Known: accounts, campaignMemberships, events, id, listMemberships, opportunities, opportunityRoles, person, segments.',
      '6:30 project/unknown-field Entity account-person has no field "rol". Did you mean "role"?',
    ])
    assert.deepEqual(read('person: {}', { entity: 'account' }).problems, ['3:5 test/unknown-name A segment of accounts sees no "person". Known: account, children, id, opportunities, parent, people, segments.'])
  })

  it('tells values that the field cannot have', () => {
    const entities = { ...standardEntities, person: { ...person, fields: { ...person.fields, band: { type: 'string', enum: ['A', 'B'] }, nps: { type: 'integer', minimum: 0, maximum: 10 } } satisfies EntitySchema['fields'] } }
    const problems = (yaml: string): readonly string[] => read(yaml, { entities }).problems.map((each) => each.replace(/^\S+ /, ''))
    assert.deepEqual(problems('person: { title: 5, leadScore: "5", isCustomer: yes, createdDate: soon, birthDate: 2026-02-30, tags: a, nps: 1.5, accountKey: 7, scores: 3, firstName: { a: 1 } }'), [
      'project/wrong-type "title" must be text (in quotes), and is 5. Write text (in quotes).',
      'project/wrong-type "leadScore" must be a number, and is "5". Write a number.',
      'project/wrong-type "isCustomer" must be true or false, and is "yes", which is text in YAML 1.2. Write true or false.',
      'project/wrong-type "createdDate" must be an ISO 8601 time, such as 2026-11-23T06:00:00Z, and is "soon". Write an ISO 8601 time, such as 2026-11-23T06:00:00Z.',
      'project/wrong-type "birthDate" must be an ISO 8601 date, such as 2026-11-23, and is "2026-02-30". Write an ISO 8601 date, such as 2026-11-23.',
      'project/wrong-type "tags" must be a list of texts, and is "a". Write a list of texts.',
      'project/wrong-type "nps" must be a whole number, and is 1.5. Write a whole number.',
      'project/wrong-type "accountKey" must be text (in quotes), and is 7. Write text (in quotes).',
      'project/wrong-type "scores" must be a map, and is 3. Write a map.',
      'project/wrong-type "firstName" must be text, and is a map. Write text.',
    ])
    assert.deepEqual(problems('person: { band: a, nps: 11, title: "\\uD800" }'), [
      'project/not-allowed "band" cannot be "a". Allowed: A, B. Did you mean "A"?',
      'project/bad-value "nps" must be at most 10.',
      'project/bad-value "title" has half a character, which no source can deliver.',
    ])
    assert.deepEqual(problems('person: text\naccounts: { employees: 5 }\nevents: [one, { eventType: x }]\nid: 5'), [
      'project/wrong-type "person" must be a map, and is "text". Write a map.',
      'project/wrong-type "accounts" must be a list, and is a map. Write a list.',
      'project/wrong-type "events[0]" must be a map, and is "one". Write a map.',
      'project/missing-key An event needs "timestamp". Add timestamp:.',
      'project/wrong-type "id" must be text (in quotes), and is 5. Write text (in quotes).',
    ])
  })
})

describe('a profile that the store gives', () => {
  it('comes back as it was, when a test states it', async () => {
    const store = await aStore()
    const put = (schema: EntitySchema, ...rows: readonly StoreRow[]): Promise<void> => store.append(unifiedTable(schema), rows.map((row) => unifiedTable(schema).columns.map(({ name }) => row[name] ?? null)))
    await put(person, { _id: 1, _source_keys: ['p@crm'], title: 'CEO', 'consents.marketing.email': 'y', tags: ['a'], custom: '{"a":[null]}', leadScore: 5 })
    await put(account, { _id: 2, _source_keys: ['c@crm'], name: 'Child', parentKey: 'a@crm', parentKey_id: 3 }, { _id: 3, _source_keys: ['a@crm'], name: 'Acme', employees: 5 })
    await put(accountPerson, { _source_key: 'ap@crm', personKey: 'p@crm', accountKey: 'a@crm', role: 'Champion', personKey_id: 1, accountKey_id: 3 })
    await store.append(personAccountTable, [[1, 3, true, true, false]])
    await put(opportunity, { _id: 4, _source_keys: ['o@crm'], amount: 5, accountKey: 'a@crm', accountKey_id: 3 })
    await put(opportunityPerson, { _source_key: 'op@crm', role: 'Decision Maker', personKey: 'p@crm', opportunityKey: 'o@crm', personKey_id: 1, opportunityKey_id: 4 })
    await put(campaign, { _id: 5, _source_keys: ['cp@crm'], name: 'Spring', isActive: true })
    await put(campaignMember, { _source_key: 'cm@crm', status: 'Sent', personKey_id: 1, campaignKey: 'cp@crm', campaignKey_id: 5 })
    await put(marketingList, { _id: 6, _source_keys: ['l@crm'], name: 'VIP' })
    await put(listMember, { _source_key: 'lm@crm', personKey_id: 1, listKey_id: 6 })
    await put(event, { _id: 1, _source_key: 'e@web', eventType: 'view', timestamp: '2026-11-20T06:00:00.000Z', 'web.page': 'pricing' })
    for (const entity of ['person', 'account'] as const) {
      for await (const page of readProfileViews(store, { entities: standardEntities, entity, paths: defaultPaths })) {
        for (const { root } of page) {
          const again = read(JSON.stringify(root), { entity })
          assert.deepEqual([JSON.stringify(again.root), again.problems], [JSON.stringify(root), []])
        }
      }
    }
    await store.close()
  })
})
