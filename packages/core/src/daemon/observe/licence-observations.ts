// What was licensed (guardrails.licence) against who is there. Without a licence there is nothing to compare with.
import { type Observation, type ObservationContext, type Observed, kept } from './observation.js'

export const licenceObservations: readonly Observation[] = [
  { id: 'b2b-addressable', kind: 'state', find: (context, limit) => compare(context.profiles.persons, licensed(context) * limit, 'people') },
  // Accounts beyond the addressable audience are paid for as people.
  { id: 'b2b-accounts', kind: 'state', find: (context, limit) => compare(context.profiles.accounts, addressable(context) * limit, 'accounts') },
  { id: 'dev-sandbox', kind: 'state', find: (context, limit) => compare(context.profiles.persons, isDevelopment(context) ? addressable(context) * limit / 100 : Infinity, 'people') },
]

function compare(there: number, licensedFor: number, what: string): Promise<Observed> {
  const most = Math.floor(licensedFor)
  return Promise.resolve(there > most ? { count: there - most, worst: there, sample: `${String(there)} ${what}, ${String(most)} licensed` } : kept)
}

function licensed({ applied: { guardrails } }: ObservationContext): number {
  return guardrails.licence?.businessPersons ?? Infinity
}

function addressable(context: ObservationContext): number {
  return licensed(context) * (context.applied.guardrails.limits['b2b-addressable'] ?? 1)
}

function isDevelopment({ applied: { guardrails } }: ObservationContext): boolean {
  return guardrails.licence?.development === true
}
