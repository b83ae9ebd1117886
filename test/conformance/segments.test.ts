import assert from 'node:assert/strict'
import { writeFileSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type SegmentReport, checkSegments, isPassed, rowNames } from './check-segments.js'
import { loadProfiles } from './load-profiles.js'
import { readModel } from './model.js'
import { toLines } from './print-segments.js'
import { UnusableCases, checkJsonataCases, readProfiles, readSegments } from './read-cases.js'
import { toStoredForm } from './stored-form.js'

const nowMs = Date.parse('2025-06-30T12:00:00.000Z')
const profilesPath = 'test/conformance/cases/segments/profiles.jsonl'
const segmentsPath = 'test/conformance/cases/segments/segments.jsonl'

describe('segments of the conformance set', function () {
  this.timeout(180_000)
  let reports: readonly SegmentReport[]
  before(async () => { reports = await checkSegments({ profiles: readProfiles(profilesPath), segments: readSegments(segmentsPath), nowMs }) })

  for (const row of rowNames) {
    it(`${row}: no segment disagrees`, () => {
      const differing = reports.flatMap(({ id, rows }) => { const result = rows[row]; return result.is === 'disagree' ? [`${id}: ${result.how}`] : [] })
      assert.deepEqual(differing, [])
    })
  }

  it('the last line counts the segments on which all agree', () => {
    assert.deepEqual([reports.every(isPassed), toLines(reports, { verbose: true }).at(-1)], [true, '60 passed, 0 failed'])
  })

  it('only what looks at the first or last event depends on the order in which the file has them', () => {
    assert.deepEqual(reports.filter((each) => each.dependsOnEventOrder).map((each) => each.id), ['seg030'])
  })
})

describe('check of segments', function () {
  this.timeout(60_000)
  const folder = mkdtempSync(join(tmpdir(), 'conformance-'))
  const file = (name: string, ...lines: readonly unknown[]): string => {
    const path = join(folder, name)
    writeFileSync(path, lines.map((each) => (typeof each === 'string' ? each : JSON.stringify(each))).join('\n'))
    return path
  }
  const people = file('people.jsonl', { id: 'a', person: { title: 'CEO', leadScore: 5 } }, { id: 'b', person: { leadScore: 'x' } })
  const check = async (...segments: readonly unknown[]): Promise<readonly SegmentReport[]> => checkSegments({ profiles: readProfiles(people), segments: readSegments(file('segments.jsonl', ...segments)), nowMs })

  it('names what differs from the file: matches, failures, codes, the class', async () => {
    const [wrong, right] = await check(
      { id: 'wrong', expr: 'person.leadScore > 1', class: 'batch', expected: ['b'] },
      { id: 'right', expr: 'person.leadScore > 1', class: 'streaming', expected: ['a'], mayError: 'T2009', errorIds: ['b'] },
    )
    assert.deepEqual(wrong?.rows['given: reference'], { is: 'disagree', how: 'matches a too; not: matches b; fails with T2009 too; fails b too' })
    assert.deepEqual(wrong.rows.class, { is: 'disagree', how: 'streaming, not batch' })
    assert.equal(right && isPassed(right), true)
  })

  it('fails a segment that the product does not accept', async () => {
    const [report] = await check({ id: 's', expr: '$contains(person.title, /(?=C)/)', expected: ['a'] })
    assert.deepEqual([report?.rows['given: reference'], report?.rows['given: closure']], [{ is: 'agree' }, { is: 'disagree', how: 'not accepted (regex-unsupported)' }])
  })

  const refusals: readonly (readonly [string, () => unknown, string])[] = [
    ['a file that is not there', () => readProfiles('/nowhere/p.jsonl'), '/nowhere/p.jsonl: there is no such file'],
    ['a folder', () => readSegments(folder), `${folder}: this is a folder; a file of JSON lines is wanted`],
    ['an empty file', () => readProfiles(file('empty.jsonl', '', '')), `${join(folder, 'empty.jsonl')}: the file is empty`],
    ['a line that is not JSON', () => readProfiles(file('bad.jsonl', { id: 'a', person: {} }, '', '[')), `${join(folder, 'bad.jsonl')}:3: not JSON (Unexpected end of JSON input)`],
    ['a line that is no object', () => readSegments(file('list.jsonl', [])), `${join(folder, 'list.jsonl')}:1: each line is one JSON object`],
    ['a profile without id', () => readProfiles(file('no-id.jsonl', { person: {} })), `${join(folder, 'no-id.jsonl')}:1: a profile needs an "id" (a text)`],
    ['an id that is used twice', () => readProfiles(file('twice.jsonl', { id: 'a', person: {} }, { id: 'a', person: {} })), `${join(folder, 'twice.jsonl')}:2: the id a was used before, at ${join(folder, 'twice.jsonl')}:1`],
    ['a segment without expected', () => readSegments(file('no-expected.jsonl', { id: 's', expr: 'true' })), `${join(folder, 'no-expected.jsonl')}:1: "expected" of s is missing; it is a list of profile ids`],
    ['a folder of datasets that is not there', () => { checkJsonataCases(people, '/nowhere') }, '/nowhere: there is no such folder'],
    ['a case without its dataset', () => { checkJsonataCases(file('cases.jsonl', { id: 'c', expr: 'a', dataset: 'd', expected: {} }), folder) }, `${join(folder, 'cases.jsonl')}:1: case c wants the dataset "d", which is not in ${folder}`],
    ['an unknown class', () => readSegments(file('class.jsonl', { id: 's', expr: 'true', expected: [], class: 'fast' })), `${join(folder, 'class.jsonl')}:1: the class of s is "fast"; known are "streaming" and "batch"`],
  ]
  for (const [what, read, message] of refusals) {
    it(`refuses ${what}, and says where`, () => { assert.throws(read, (error) => error instanceof UnusableCases && error.message === message) })
  }
})

describe('loadProfiles', () => {
  const profile = {
    person: { personKey: 'p', leadScore: null, scores: {}, tags: ['a', null], custom: { nps: 0, extra: [1] }, unheardOf: { deep: [null, { x: null }] } },
    accounts: [{ accountKey: 'z', technologies: [], relation: { role: 'r', since: '2020-01-01' } }, { accountKey: 'a', annualRevenue: null }, { accountKey: 'a', name: 'twice' }],
    opportunities: [{ opportunityKey: 'o2', accountKey: 'nobodys', amount: 0.1 }, { opportunityKey: 'o1', accountKey: 'a', createdDate: '2025-01-01T00:00:00Z' }, { opportunityKey: 'o3' }],
    opportunityRoles: [{ opportunityKey: 'o1', role: 'x' }, { opportunityKey: 'elsewhere', role: '' }],
    campaignMemberships: [{ campaignKey: 'c', campaignName: 'n', region: 'EU' }],
    events: [{ eventId: '2', timestamp: '2025-01-02T00:00:00.000Z' }, { eventId: '10', timestamp: '2025-01-01T00:00:00.000Z', form: { fields: { budget: '5' } } }, { eventId: '1', timestamp: '2025-01-02T00:00:00.000Z', form: { fields: { budget: 5 } } }],
  }

  it('gives each profile back as the storage contract says', async () => {
    const form = toStoredForm([{ id: 'one', text: JSON.stringify({ id: 'one', person: {} }) }, { id: 'two', text: JSON.stringify({ id: 'two', ...profile }) }], readModel())
    const { store, documents } = await loadProfiles(form, nowMs)
    await store.close()
    const relation = { direct: false, throughOpportunity: false }
    assert.deepEqual(documents[0], { id: '1', person: {}, accounts: [], opportunities: [], opportunityRoles: [], campaignMemberships: [], listMemberships: [], events: [] })
    assert.deepEqual(documents[1], {
      id: '2',
      person: { personKey: 'p', tags: ['a'], custom: { nps: 0, extra: [1] }, unheardOf: { deep: [{}] } },
      accounts: [
        { accountKey: 'z', technologies: [], relation: { role: 'r', since: '2020-01-01', ...relation } },
        { accountKey: 'a', relation },
        { accountKey: 'a', name: 'twice', relation },
      ],
      opportunities: [{ opportunityKey: 'o2', accountKey: 'nobodys', amount: 0.1 }, { opportunityKey: 'o1', accountKey: 'a', createdDate: '2025-01-01T00:00:00.000Z' }, { opportunityKey: 'o3' }],
      opportunityRoles: [{ opportunityKey: 'o1', role: 'x' }, { opportunityKey: 'elsewhere', role: '' }],
      campaignMemberships: [{ campaignKey: 'c', campaignName: 'n', region: 'EU', campaign: { campaignKey: 'c', name: 'n' } }],
      listMemberships: [],
      events: [{ eventId: '10', timestamp: '2025-01-01T00:00:00.000Z', form: { fields: { budget: '5' } } }, { eventId: '1', timestamp: '2025-01-02T00:00:00.000Z', form: { fields: { budget: 5 } } }, { eventId: '2', timestamp: '2025-01-02T00:00:00.000Z' }],
    })
  })
})
