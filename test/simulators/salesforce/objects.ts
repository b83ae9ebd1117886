// The standard objects of a simulated organization and their fields, as describe shows them.

export type FieldType = 'id' | 'string' | 'textarea' | 'picklist' | 'multipicklist' | 'email' | 'phone' | 'url' | 'reference' | 'currency' | 'double' | 'int' | 'percent' | 'boolean' | 'date' | 'datetime' | 'address'

export interface FieldDefinition {
  readonly name: string
  readonly type: FieldType
  readonly referenceTo?: readonly string[]
  readonly calculated?: boolean
  readonly externalId?: boolean
  readonly compoundFieldName?: string
}

export interface ObjectDefinition {
  readonly name: string
  readonly keyPrefix: string
  readonly custom: boolean
  readonly fields: readonly FieldDefinition[]
  /** Objects that Bulk API 2.0 does not support. */
  readonly noBulk?: boolean
}

const system = 'Id:id IsDeleted:boolean CreatedDate:datetime LastModifiedDate:datetime SystemModstamp:datetime'

/** `Name:type`, `Name:reference>Object`, `Name:formula`. */
function fields(text: string): readonly FieldDefinition[] {
  return `${system} ${text}`.trim().split(/\s+/).map((each): FieldDefinition => {
    const [name = '', rest = 'string'] = each.split(':')
    const [type = '', to] = rest.split('>')
    if (type === 'formula') return { name, type: 'double', calculated: true }
    if (type === 'external') return { name, type: 'string', externalId: true }
    return { name, type: type as FieldType, ...(to === undefined ? {} : { referenceTo: to.split('|') }) }
  })
}

const owner = 'OwnerId:reference>User'
const addressParts = (prefix: string): string => `${prefix}Street:textarea ${prefix}City:string ${prefix}State:string ${prefix}PostalCode:string ${prefix}Country:string ${prefix}Address:address`

const standard: readonly (readonly [name: string, keyPrefix: string, fields: string])[] = [
  ['Account', '001', `Name:string ParentId:reference>Account MasterRecordId:reference>Account Website:url Industry:picklist NumberOfEmployees:int AnnualRevenue:currency Type:picklist Ownership:picklist AccountNumber:string Site:string Phone:phone Sic:string NaicsCode:string DunsNumber:string YearStarted:string Rating:picklist ${owner} ${addressParts('Billing')} ${addressParts('Shipping')}`],
  ['Contact', '003', `AccountId:reference>Account MasterRecordId:reference>Contact Email:email FirstName:string LastName:string Title:string Department:string Phone:phone MobilePhone:phone HasOptedOutOfEmail:boolean ReportsToId:reference>Contact LeadSource:picklist Birthdate:date ${owner} ${addressParts('Mailing')}`],
  ['Lead', '00Q', `Email:email FirstName:string LastName:string Title:string Company:string Website:url Phone:phone MobilePhone:phone Status:picklist LeadSource:picklist Rating:picklist Industry:picklist HasOptedOutOfEmail:boolean IsConverted:boolean ConvertedDate:date ConvertedContactId:reference>Contact ConvertedAccountId:reference>Account ConvertedOpportunityId:reference>Opportunity MasterRecordId:reference>Lead Street:textarea City:string State:string PostalCode:string Country:string Address:address ${owner}`],
  ['Opportunity', '006', `AccountId:reference>Account Name:string StageName:picklist Amount:currency ExpectedRevenue:currency CloseDate:date IsClosed:boolean IsWon:boolean Probability:percent ForecastCategoryName:picklist FiscalYear:int FiscalQuarter:int NextStep:string LeadSource:picklist Type:picklist CampaignId:reference>Campaign CurrencyIsoCode:picklist ContactId:reference>Contact ${owner}`],
  ['OpportunityContactRole', '00K', 'OpportunityId:reference>Opportunity ContactId:reference>Contact Role:picklist IsPrimary:boolean'],
  ['AccountContactRelation', '07k', 'AccountId:reference>Account ContactId:reference>Contact Roles:multipicklist IsDirect:boolean IsActive:boolean StartDate:date EndDate:date'],
  ['Campaign', '701', `Name:string Type:picklist Status:picklist StartDate:date EndDate:date ActualCost:currency BudgetedCost:currency IsActive:boolean ParentId:reference>Campaign ${owner}`],
  ['CampaignMember', '00v', 'CampaignId:reference>Campaign LeadId:reference>Lead ContactId:reference>Contact LeadOrContactId:reference>Lead|Contact Status:picklist HasResponded:boolean FirstRespondedDate:date'],
]

export const standardObjects: readonly ObjectDefinition[] = standard.map(([name, keyPrefix, text]) => ({ name, keyPrefix, custom: false, fields: fields(text) }))

export function customObject(name: string, keyPrefix: string, text: string): ObjectDefinition {
  return { name, keyPrefix, custom: true, fields: fields(text) }
}

export function customField(written: string): FieldDefinition {
  const found = fields(written).at(-1)
  if (!found) throw new Error(`no field: ${written}`)
  return found
}

/** The type of a custom field, by a value that it holds. */
export function typeOfValue(value: unknown): FieldType {
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'double'
  if (typeof value === 'boolean') return 'boolean'
  return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) ? 'date' : 'string'
}

export function describeField({ name, type, referenceTo = [], calculated = false, externalId = false, compoundFieldName }: FieldDefinition): Readonly<Record<string, unknown>> {
  return {
    name, label: name, type, length: type === 'string' ? 255 : 0, nillable: type !== 'id', custom: name.endsWith('__c'), calculated, calculatedFormula: calculated ? 'NOW()' : null,
    compoundFieldName: compoundFieldName ?? null, relationshipName: null, referenceTo, picklistValues: [], externalId, unique: externalId, deprecatedAndHidden: false,
    createable: !calculated && type !== 'id', updateable: !calculated && type !== 'id',
  }
}
