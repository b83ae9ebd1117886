// Marketo's error codes and what we do about them. Failures come inside HTTP 200 bodies, so the status alone proves nothing.
// Source: Adobe, "Error Codes" of the Marketo REST API, and what connectors in production have learnt.

/**
 * `auth`: renew the token and repeat. `wait`: back off and repeat. `rate`: wait for the window of 20 seconds. `crowd`: others are
 * running. `day`: nothing more until midnight, Central time. `fix`: people must do something. `native`: the CRM that is synced
 * into Marketo owns these objects. `skip`: this record will never do. `bug`: our request is wrong.
 */
export type Action = 'auth' | 'wait' | 'rate' | 'crowd' | 'day' | 'fix' | 'native' | 'skip' | 'bug'

interface CodeFacts {
  readonly action: Action
  readonly means: string
  /** What people do about it. */
  readonly hint?: string
}

const permission = 'Give the API user of the custom service the permission, and its IP address a place on the allow-list (Admin > LaunchPoint, Users & Roles).'

const facts: Readonly<Record<string, CodeFacts>> = {
  500: { action: 'wait', means: 'the request or the server failed' },
  502: { action: 'wait', means: 'a gateway had no answer' },
  600: { action: 'auth', means: 'the access token is missing' },
  601: { action: 'auth', means: 'the access token is not valid' },
  602: { action: 'auth', means: 'the access token has expired' },
  603: { action: 'native', means: 'access is denied', hint: permission },
  604: { action: 'wait', means: 'the request took too long on the server' },
  605: { action: 'bug', means: 'the method is not supported' },
  606: { action: 'rate', means: 'more than 100 calls in 20 seconds' },
  607: { action: 'day', means: "the subscription's calls of the day are used up", hint: 'It goes on by itself after midnight, Central time. Other integrations share these calls.' },
  608: { action: 'wait', means: 'the API is not available for the moment' },
  610: { action: 'bug', means: 'there is no such resource', hint: 'Check restUrl.' },
  611: { action: 'wait', means: 'Marketo had a system error' },
  614: { action: 'wait', means: 'the subscription cannot be reached', hint: 'Check munchkinId, and that the subscription is active.' },
  615: { action: 'crowd', means: 'ten calls are running already' },
  616: { action: 'fix', means: 'the subscription is of a type that does not have this', hint: 'Ask Adobe which APIs the subscription includes.' },
  703: { action: 'native', means: 'the feature is switched off', hint: 'Switch it on in Marketo, or leave the stream out.' },
  709: { action: 'fix', means: 'a rule of Marketo forbids it', hint: 'See the message of Marketo.' },
  710: { action: 'fix', means: 'the parent folder is not there', hint: 'Correct folder in the config.' },
  711: { action: 'fix', means: 'the folder is of another type', hint: 'Correct folder in the config.' },
  713: { action: 'wait', means: 'Marketo is busy with this' },
  719: { action: 'wait', means: 'a lock was not given' },
  1003: { action: 'fix', means: 'a value is not accepted', hint: 'See the message of Marketo.' },
  1004: { action: 'skip', means: 'the person is not in Marketo' },
  1005: { action: 'skip', means: 'the person is in Marketo already' },
  1006: { action: 'fix', means: 'a field is not there', hint: 'Correct the field; cdp doctor shows the fields of the instance.' },
  1007: { action: 'skip', means: 'several people match' },
  1008: { action: 'fix', means: 'a partition may not be used', hint: permission },
  1009: { action: 'fix', means: 'a partition must be named', hint: 'Name the partition.' },
  1010: { action: 'skip', means: 'the person is in another partition' },
  1011: { action: 'fix', means: 'the field is no filter', hint: 'Take another field.' },
  1012: { action: 'skip', means: 'the cookie is not valid' },
  1013: { action: 'fix', means: 'the object is not there', hint: 'Was the list or program deleted in Marketo? Correct its name or id.' },
  1016: { action: 'wait', means: 'too many imports are queued' },
  1018: { action: 'native', means: 'the objects belong to the CRM that is synced into Marketo', hint: 'Read them with the connector of that CRM.' },
  1019: { action: 'wait', means: 'an import into the list is running' },
  1035: { action: 'fix', means: 'the subscription does not have this filter', hint: 'Ask Adobe to enable updatedAt for bulk extracts.' },
}

export function actionOf(code: string): Action {
  return facts[code]?.action ?? (code.startsWith('10') ? 'skip' : 'bug')
}

/** `606: more than 100 calls in 20 seconds`, with what Marketo said. */
export function describeCode(code: string, message: string): string {
  return `Marketo error ${code}${facts[code] ? ` (${facts[code].means})` : ''}: ${message}`
}

export function hintOf(code: string): string {
  return facts[code]?.hint ?? 'It is tried again with the next run. If it stays, give Adobe the request id.'
}
