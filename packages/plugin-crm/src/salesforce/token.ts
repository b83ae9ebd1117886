// Server-side OAuth of Salesforce: JWT bearer or client credentials. Neither has a refresh token; a new one is asked for.
import { createSign } from 'node:crypto'
import { type ConnectorContext, assertNotLimited, connectorError } from '@cdpkit/core/sdk'
import { asText, readLogin, transient } from '../answer.js'
import type { Options } from './options.js'

export interface Token {
  readonly accessToken: string
  readonly instanceUrl: string
  /** 18 characters: 00D… */
  readonly organizationId: string
}

const jwtBearer = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
/** Salesforce takes no assertion that lives longer than three minutes. */
const assertionSeconds = 150

export async function fetchToken(context: ConnectorContext, options: Options): Promise<Token> {
  const response = await context.http.request({
    method: 'POST', url: `${options.loginUrl}/services/oauth2/token`, retryOn: transient,
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' }, body: new URLSearchParams(toForm(options, context.clock.nowMs())).toString(),
  })
  assertNotLimited(response, context.clock.nowMs())
  const answer = readLogin(response)
  const accessToken = asText(answer['access_token'])
  if (response.status !== 200 || accessToken === '') throw refusal(asText(answer['error']), asText(answer['error_description']), options)
  context.hide(accessToken)
  return { accessToken, instanceUrl: asText(answer['instance_url']).replace(/\/+$/, ''), organizationId: /\/id\/(\w{15,18})\//.exec(asText(answer['id']))?.[1] ?? '' }
}

function toForm(options: Options, nowMs: number): Readonly<Record<string, string>> {
  const { login, clientId } = options
  if (login.flow === 'client-credentials') return { grant_type: 'client_credentials', client_id: clientId, client_secret: login.clientSecret }
  return { grant_type: jwtBearer, assertion: toAssertion(options, login, nowMs) }
}

function toAssertion({ clientId, loginUrl }: Options, login: { readonly username: string; readonly privateKey: string }, nowMs: number): string {
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const unsigned = `${encode({ alg: 'RS256' })}.${encode({ iss: clientId, sub: login.username, aud: loginUrl, exp: Math.floor(nowMs / 1000) + assertionSeconds })}`
  try {
    return `${unsigned}.${createSign('RSA-SHA256').update(unsigned).sign(login.privateKey, 'base64url')}`
  } catch (cause) {
    throw connectorError('config', { reason: 'the private key cannot be used', pointer: '/privateKey', hint: 'privateKey must be an RSA key in PEM form, the one whose certificate was uploaded to the app.', cause })
  }
}

const hints: Readonly<Record<string, string>> = {
  invalid_client_id: 'Check clientId: the consumer key of the app, in this organization.',
  invalid_client: 'Check clientSecret: the consumer secret of the app.',
  unsupported_grant_type: 'Enable the flow in the app; client credentials also need the My Domain address as loginUrl.',
  invalid_grant: 'Approve the user for the app (policies: pre-authorized), check username and loginUrl, and that the clock of this machine is right.',
}

const toBlame: Readonly<Record<string, string>> = { invalid_client_id: '/clientId', invalid_client: '/clientSecret', unsupported_grant_type: '/loginUrl', invalid_grant: '/username' }

function refusal(error: string, description: string, { loginUrl }: Options): Error {
  const pointer = toBlame[error]
  return connectorError('access', { ...(pointer === undefined ? {} : { pointer }), reason: `${loginUrl} refuses the login (${error === '' ? 'no reason given' : error}${description === '' ? '' : `: ${description}`})`, hint: hints[error] ?? 'Check the app, its policies and the credentials.' })
}
