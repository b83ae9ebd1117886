// ★ What changed among the unified profiles. Rows are in the store (profile_change), this tells how many and up to where.

export interface ProfileChanges {
  /** Records up to this sequence number are in the profiles. */
  readonly throughSeq: number
  /** Position of the last row of profile_change; equal to the previous one when nothing changed. */
  readonly lastChange: number
  readonly personsChanged: number
  readonly personsRemoved: number
  readonly personsMerged: number
  readonly accountsChanged: number
  readonly accountsRemoved: number
  readonly refusedLinks: number
  readonly persons: number
  readonly accounts: number
}
