// How far a stream was read, between runs and between the pages of one.
import type { Json } from '@cdpkit/core/sdk'
import { asObject } from '../answer.js'
import type { Place } from './soql.js'

/** What is being read: everything that is there, or what changed in a window of time. */
export type Span = { readonly is: 'everything'; readonly startedMs: number } | { readonly is: 'window'; readonly fromMs: number; readonly toMs: number }

export type Work =
  /** By pages of a query, after a place. */
  | { readonly by: 'query'; readonly span: Span; readonly after?: Place }
  /** By the results of a job, from a locator. */
  | { readonly by: 'job'; readonly span: Span; readonly jobId: string; readonly locator?: string }

export interface Checkpoint {
  /** The fields that were read; another one means that everything is read again. */
  readonly fields: readonly string[]
  /** Everything up to here is known; absent while the first read goes on. */
  readonly upToMs?: number
  readonly deletedUpToMs?: number
  readonly work?: Work
}

const version = 1

export function toJson(checkpoint: Checkpoint): Json {
  return { version, ...checkpoint } as unknown as Json
}

/** Undefined for what another version of us has written: then everything is read again, and what did not change changes nothing. */
export function readCheckpoint(value: Json | undefined): Checkpoint | undefined {
  const found = asObject(value)
  if (found['version'] !== version || !Array.isArray(found['fields'])) return undefined
  return found as unknown as Checkpoint
}
