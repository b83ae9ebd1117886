// What the admin API is made of: routes that say who may ask, what they take and what they give.
import type { Socket } from 'node:net'
import type { Applied } from '../../2-plan/applied.js'
import type { DeletedProfile } from '../../daemon/privacy/delete-profile.js'
import type { RunOptions } from '../../daemon/run.js'
import type { Role } from '../../daemon/tokens.js'
import type { Identity } from '../../entities/identity-value.js'
import type { Clock } from '../../kernel/clock.js'
import type { JsonObject } from '../../kernel/json.js'
import type { Store } from '../../stores/store.js'

/** The sandbox as the API sees it. */
export interface AdminSandbox {
  readonly name: string
  readonly store: Store
  readonly clock: Clock
  applied(): Applied
  /** Commands by a connection that may. */
  accept(socket: Socket): void
  /** Begins a pass; gives its id at once. */
  startRun(options: RunOptions): string
  /** Undefined when nobody is known by the identity. */
  deleteProfile(identity: Identity, allowReturn: boolean): Promise<DeletedProfile | undefined>
  newId(): string
  /** Passes that were asked for and have not begun. */
  queuedRuns(): readonly string[]
}

export interface AdminCall {
  readonly sandbox: AdminSandbox
  readonly params: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string | number | boolean | undefined>>
  readonly body: JsonObject
}

export interface AdminRoute {
  readonly method: 'GET' | 'POST' | 'DELETE'
  /** `:name` stands for a part of the path. */
  readonly path: string
  readonly name: string
  readonly summary: string
  readonly role: Role
  readonly params?: Readonly<Record<string, JsonObject>>
  readonly query?: Readonly<Record<string, JsonObject>>
  readonly body?: JsonObject
  /** 200 unless told. */
  readonly status?: 202
  readonly gives: JsonObject
  answer(call: AdminCall): Promise<unknown>
}

/** An answer that is no success. */
export class Refusal {
  constructor(readonly status: 404 | 409, readonly detail: string) {}
}
