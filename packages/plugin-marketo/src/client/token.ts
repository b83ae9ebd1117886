// The access token: fetched once for all callers, renewed a minute before its end by a clock that nobody sets, and after Marketo
// said that it has ended.
import { type ConnectorContext, assertNotLimited, connectorError } from '@cdpkit/core/sdk'
import type { ConnectionOptions } from '../options.js'
import { asObject, readJson } from './wire.js'

interface Token {
  readonly value: string
  readonly renewAtTicks: number
  readonly lifeMs: number
}

const renewBeforeMs = 60_000
/** Marketo gives the same token until it has ended; so long a wait for another one is worth it. */
const longestWaitMs = 90_000
const patience = 4

export class TokenKeeper {
  #token: Token | undefined
  #fetching: Promise<Token> | undefined

  constructor(private readonly context: ConnectorContext, private readonly options: ConnectionOptions) {}

  async get(): Promise<string> {
    const token = this.#token
    if (token && this.context.clock.ticksMs() < token.renewAtTicks) return token.value
    return (await this.fetch()).value
  }

  /**
   * Another token than the one that was refused. While Marketo gives the same one with little life left, its end is waited for;
   * with much life left it is worth another try.
   */
  async renew(refused: string): Promise<string> {
    if (this.#token && this.#token.value !== refused) return this.get()
    this.#token = undefined
    for (let tries = 1; ; tries++) {
      const token = await this.fetch()
      if (token.value !== refused || token.lifeMs > longestWaitMs) return token.value
      if (tries >= patience) throw connectorError('access', { reason: 'Marketo refuses the access token that it gives', pointer: '/munchkinId', hint: 'Check that munchkinId belongs to the client id, and that the API user is active.' })
      await this.context.pause(Math.min(token.lifeMs + 1000, longestWaitMs))
    }
  }

  private fetch(): Promise<Token> {
    this.#fetching ??= this.ask().finally(() => { this.#fetching = undefined })
    return this.#fetching
  }

  private async ask(): Promise<Token> {
    const { clientId, clientSecret, identityUrl } = this.options
    const response = await this.context.http.request({
      method: 'POST', url: `${identityUrl}/identity/oauth/token`, uncounted: true, retryOn: [429, 500, 502, 503, 504, 'no-answer'],
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret }).toString(),
    })
    assertNotLimited(response, this.context.clock.nowMs())
    const answer = asObject(readJson(response.text))
    const { access_token: value, expires_in: seconds, error } = answer
    // Some hosts tell bad credentials with 200: the body decides.
    if (response.status === 401 || error !== undefined) throw connectorError('access', { reason: 'Marketo does not accept the client id and secret', pointer: '/clientSecret', hint: 'Copy them again from Admin > LaunchPoint > View Details, and check munchkinId.' })
    if (typeof value !== 'string' || value === '') throw connectorError('unavailable', { reason: `the identity service answered ${String(response.status)} without a token`, hint: 'Check munchkinId or identityUrl; else try again later.' })
    this.context.hide(value)
    const lifeMs = (typeof seconds === 'number' ? seconds : 0) * 1000
    this.#token = { value, lifeMs, renewAtTicks: this.context.clock.ticksMs() + lifeMs - renewBeforeMs }
    return this.#token
  }
}
