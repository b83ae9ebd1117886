// What a plugin's author gives the conformance kit: a configuration that works, and whatever of a test system a check needs.
import type { Clock } from '../../kernel/clock.js'
import type { JsonObject } from '../../kernel/json.js'
import type { Audience, Item, Json } from '../../plugins/sdk.js'

export type Side = 'source' | 'destination'

/** A setup, or how to make one. It is made anew for each check, so that no check sees what another left. */
export type ConformanceStart = ConformanceSetup | ((side: Side) => ConformanceSetup | Promise<ConformanceSetup>)

/** By the connector's name: what the file exports as `conformance` that `cdpkit.conformance` of a plugin's package.json names. */
export type ConformanceSetups = Readonly<Record<string, ConformanceStart>>

/** Only `config` must be there. A check that lacks what it needs tells what that is and is not applicable. */
export interface ConformanceSetup {
  /** One that works. Secrets are references, as in a project: `{ fromEnv: 'TOKEN' }`. */
  readonly config: JsonObject
  /** The values of its secrets, by environment variable: `{ TOKEN: 'a-test-token' }`. */
  readonly secrets?: Readonly<Record<string, string>>
  /** Configurations that fit the schema and do not work, each with the JSON pointer that `check` must name. */
  readonly badConfigs?: readonly BadConfig[]
  /** As older versions of the connector wanted it. */
  readonly oldConfigs?: readonly JsonObject[]
  /** The test system's, where it has one of its own; what the connector waits moves it on. */
  readonly clock?: MovingClock
  /** The project folder. */
  readonly folder?: string
  /** Until an abort must have ended the work; 2000 unless told. */
  readonly abortWithinMs?: number
  /** What the test system is asked to do, or to tell. */
  readonly server?: ConformanceServer
  /** What is read; the streams of `discover` that are not optional unless told. Empty for a source that only takes what is pushed. */
  readonly streams?: readonly TestStream[]
  /** As older versions of the connector left them. */
  readonly oldCheckpoints?: readonly { readonly stream: string; readonly checkpoint: Json }[]
  readonly audience?: Audience
  /** People whom the system takes: at least two. */
  readonly known?: readonly Item[]
  /** Somebody whom it refuses. */
  readonly refused?: Item
  /** Lets go of the test system; called after each check. */
  close?(): void | Promise<void>
}

export interface BadConfig {
  readonly config: JsonObject
  /** `/apiKey` */
  readonly pointer: string
}

export interface MovingClock extends Clock {
  advance(ms: number): void
}

export interface TestStream {
  readonly name: string
  /** The stream's own, as people write it under `config:` of a stream. */
  readonly config?: JsonObject
  /** Of its records; what `discover` says unless told. */
  readonly key?: string
  readonly cursor?: string
  readonly fields?: readonly string[]
  readonly deletedWhen?: string
}

export interface ConformanceServer {
  /** Changes or adds a record, as somebody who works there does; tells which. */
  change?(): TestRecord | Promise<TestRecord>
  /** Deletes one; tells which. */
  delete?(): TestRecord | Promise<TestRecord>
  /** Adds a record that holds this text in one of its fields, as somebody who works there types it; tells which. */
  addText?(text: string): TestRecord | Promise<TestRecord>
  /** Who is in the audience, in any form: for destinations that cannot read back. */
  members?(): readonly string[] | Promise<readonly string[]>
}

export interface TestRecord {
  readonly stream: string
  readonly key: string
}
