// The two entities that have profiles, and by which way a person's accounts and opportunities are found.

export type ProfileEntity = 'person' | 'account'

/** direct: named on the person record. relation: an account-person row. opportunity: through a role on one of its deals. */
export type AccountPath = 'direct' | 'relation' | 'opportunity' | 'any'
/** role: the person has a role on it. account: it belongs to one of the person's accounts. */
export type OpportunityPath = 'role' | 'account' | 'any'

export interface Paths {
  readonly accounts: AccountPath
  readonly opportunities: OpportunityPath
}

export const defaultPaths: Paths = { accounts: 'any', opportunities: 'role' }
