import assert from 'node:assert/strict'
import { type ConsentRule, conditionsOf, findRefusal, requiredConsents } from '../entities/consent.js'
import { person } from '../entities/standard-entities.js'
import { sqlText } from '../kernel/sql-text.js'
import type { Store, StoreValue } from '../stores/store.js'
import { unifiedTable } from '../stores/entity-tables.js'
import { aStore } from '../testing/a-store.js'
import { toObject } from './to-object.js'
import { isWithheld } from './consent.js'

type Fields = Readonly<Record<string, StoreValue>>

const emailOnly: ConsentRule = { require: ['marketing.email'], onUnknown: 'send' }
const email = 'consents.marketing.email'
const any = 'consents.marketing.any'

describe('consent', () => {
  let store: Store
  before(async () => { store = await aStore() })
  after(async () => { await store.close() })

  /** Whom a rule withholds: by SQL and, person by person, by the closure; both must say the same. */
  const withheld = async (rule: ConsentRule, people: readonly Fields[]): Promise<readonly boolean[]> => {
    const table = unifiedTable(person)
    await store.transaction(async (tx) => {
      await tx.run(sqlText`delete from person`)
      await tx.append(table, people.map((fields, id) => table.columns.map((column) => (column.name === '_id' ? id : fields[column.name] ?? null))))
    })
    const rows = await store.rows<{ withheld: boolean }>(sqlText`select ${isWithheld(rule, person, 'p')} as withheld from person p order by _id`)
    const conditions = conditionsOf(rule, person)
    const bySql = rows.map((each) => each.withheld)
    assert.deepEqual(people.map((each) => findRefusal(conditions, toObject(each, person)) !== undefined), bySql, 'SQL and closure agree')
    return bySql
  }

  it('withholds those who refuse, with any value that neither allows nor leaves it open', async () => {
    const values = ['y', 'dy', 'LI', 'CT', 'CP', 'VI', 'PI', ' Y ', 'u', 'p', '', null, 'n', 'dn', 'N', 'no', 'false', '\ty', 'ja', 'ｙ', '0']
    const refused = await withheld(emailOnly, values.map((each) => ({ [email]: each })))
    assert.deepEqual(values.filter((_, index) => refused[index]), ['n', 'dn', 'N', 'no', 'false', '\ty', 'ja', 'ｙ', '0'])
  })

  it('withholds who is not known only where a destination asks for it', async () => {
    const people = [{}, { [email]: 'u' }, { [email]: 'p', [any]: 'y' }, { [any]: 'y' }, { [email]: 'LI' }, { [email]: 'y', [any]: 'u' }]
    assert.deepEqual(await withheld(emailOnly, people), [false, false, false, false, false, false])
    assert.deepEqual(await withheld({ ...emailOnly, onUnknown: 'withhold' }, people), [true, true, false, false, false, false])
    assert.deepEqual(await withheld({ require: ['share', 'marketing.email'], onUnknown: 'withhold' }, [{ [email]: 'y' }, { [email]: 'y', 'consents.share': 'dy' }]), [true, false])
  })

  it('lets a refusal of all marketing go before the consent to one kind, and not the other way round', async () => {
    assert.deepEqual(await withheld(emailOnly, [{ [any]: 'n', [email]: 'y' }, { [any]: 'y', [email]: 'n' }, { 'consents.marketing.sms': 'n' }]), [true, true, false])
    assert.deepEqual(await withheld({ ...emailOnly, require: ['marketing.any'] }, [{ [any]: 'n', [email]: 'y' }, { [email]: 'n' }]), [true, false])
  })

  it('withholds who refuses data collection from every destination, even one that asks for nothing', async () => {
    assert.deepEqual(await withheld({ require: [], onUnknown: 'withhold' }, [{}, { 'consents.collect': 'n' }, { 'consents.collect': 'VI' }, { [any]: 'n' }]), [false, true, false, false])
  })

  it('hears the flags of CRM and marketing systems', async () => {
    const people = [{ unsubscribed: true }, { doNotEmail: true, [email]: 'y' }, { isMarketingSuspended: true }, { unsubscribed: false }]
    assert.deepEqual(await withheld(emailOnly, people), [true, true, true, false])
    assert.deepEqual(await withheld({ ...emailOnly, require: ['marketing.any'] }, people), [false, false, true, false])
    assert.deepEqual(await withheld({ ...emailOnly, require: ['share'] }, people), [false, false, false, false])
  })

  it('says which field and value refuse', () => {
    const refusal = (rule: ConsentRule, fields: Fields): unknown => findRefusal(conditionsOf(rule, person), toObject(fields, person))
    assert.deepEqual(refusal(emailOnly, { [any]: 'dn', [email]: 'y' }), { field: any, value: 'dn' })
    assert.deepEqual(refusal(emailOnly, { unsubscribed: true }), { field: 'unsubscribed', value: true })
    assert.deepEqual(refusal({ ...emailOnly, onUnknown: 'withhold' }, {}), { field: email })
    assert.equal(refusal(emailOnly, {}), undefined)
  })

  it('asks only for fields that the schema has, and withholds everybody where a needed one is missing', async () => {
    const { 'consents.collect': _collect, [email]: _email, [any]: _any, ...fields } = person.fields
    const older = { ...person, fields }
    const count = (rule: ConsentRule): Promise<{ readonly count: number }> => store.row<{ count: number }>(sqlText`select count(*) as count from person p where ${isWithheld(rule, older, 'p')}`)
    await withheld(emailOnly, [{}, { unsubscribed: true }])
    assert.deepEqual([await count(emailOnly), await count({ ...emailOnly, onUnknown: 'withhold' })], [{ count: 1 }, { count: 2 }])
  })

  it('derives what a destination asks for from what it is used for', () => {
    assert.deepEqual(requiredConsents([]), ['marketing.any'])
    assert.deepEqual(requiredConsents(['exportToThirdParty']), ['marketing.any', 'share'])
    assert.deepEqual(requiredConsents(['emailTargeting', 'exportToThirdParty', 'segmentMatch']), ['marketing.email', 'share'])
    assert.deepEqual(requiredConsents(['analytics']), [])
    assert.deepEqual(requiredConsents(['onsitePersonalization', 'crossSiteTargeting']), ['marketing.any', 'personalize.content'])
  })
})
