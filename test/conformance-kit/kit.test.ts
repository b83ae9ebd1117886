import assert from 'node:assert/strict'
import { conformanceChecks, runConformance } from '../../packages/core/src/testing/index.js'
import { anAcmeSetup } from './acme-server.js'
import { type Fault, anAcmeConnector } from './broken-connector.js'

/** Each check, a connector that is wrong in one thing, and what the check says of it. */
const faults: readonly (readonly [check: string, fault: Fault, reason: string])[] = [
  ['connector/manifest', 'a limit of nothing', 'source: the limit {"requests":0,"per":"10s","scope":"account"} lets nothing through; destination: the limit {"requests":0,"per":"10s","scope":"account"} lets nothing through'],
  ['connector/config-schema', 'a loose schema', 'source config: additionalProperties is not false, so that a misspelt key is never noticed; destination config: additionalProperties is not false, so that a misspelt key is never noticed'],
  ['connector/secrets-marked', 'an unmarked key', 'source config: /apiKey looks like a secret and is not marked with "x-secret": true (or false, where it is none); destination config: /apiKey looks like a secret and is not marked with "x-secret": true (or false, where it is none)'],
  ['source/check', 'never well', 'it finds wrong: I do not feel like it'],
  ['destination/check', 'never well', 'it finds wrong: I do not feel like it'],
  ['source/bad-config', 'blames nothing', 'with a bad /apiKey check names no field'],
  ['destination/bad-config', 'blames nothing', 'with a bad /apiKey check names no field'],
  ['source/old-config', 'migrates to nothing', 'oldConfigs[0] does not fit the schema, migrated or not'],
  ['destination/old-config', 'migrates to nothing', 'oldConfigs[0] does not fit the schema, migrated or not'],
  ['source/discover', 'maps to an unknown field', 'people: person has no field shoeSize'],
  ['source/reads', 'reads nothing', 'people gives no record, so that nothing is shown of it'],
  ['source/schema', 'numbers as texts', 'people: /seq must be number'],
  ['source/keys', 'a record twice', 'people: several records with the key 1, 3, 5'],
  ['source/odd-values', 'ascii only', 'people: foreign letters: not as it was typed; people: quotes and line breaks: not as it was typed; people: a very long text: not as it was typed'],
  ['source/checkpoints', 'no last checkpoint', 'people: 1 change(s) after the last checkpoint, which come again in every read'],
  ['source/resume', 'checkpoints too early', 'people: killed at checkpoint 1 of 3, it loses 2 of 5 records: 1, 2'],
  ['source/repeat', 'reads but once', 'people: read twice from checkpoint 1, the second read lacks 3, 4, 5'],
  ['source/monotonic', 'starts over', 'people: read 2 after the whole one gives 5 changes, and the one before gave 0, though nothing happened'],
  ['source/strange-checkpoint', 'trips over checkpoints', 'people: from a checkpoint that it cannot know it throws Error: after is not a number'],
  ['source/old-checkpoint', 'knows no old checkpoint', 'people: from an old checkpoint: The configuration of a connector does not fit the system: The checkpoint is of another version.'],
  ['source/incremental', 'sees no change', 'people: 2 was changed, and no read tells'],
  ['source/deletes', 'hides deletes', 'people: 3 was deleted, and no read tells'],
  ['destination/opened', 'jobs without a poll', 'it says that it answers with jobs, and has no poll'],
  ['destination/audience', 'makes another audience', 'asked twice, it gives 1 and 2; it says that it made an audience that was there'],
  ['destination/takes', 'refuses everybody', 'the known people are not taken: rejected (acme/unknown), rejected (acme/unknown), rejected (acme/unknown)'],
  ['destination/results', 'forgets one', 'upsert: 1 of 5 items have no result; remove: 1 of 5 items have no result'],
  ['destination/partial', 'all or nothing', 'the others are rejected (acme/unknown), rejected (acme/unknown), rejected (acme/unknown)'],
  ['destination/repeat', 'adds twice', 'the members were 3 and are 6 now, or others'],
  ['destination/remove', 'removes nobody', '3 are left, not 1; the members were 0 and are 3 now, or others'],
  ['destination/remove-absent', 'absent is an error', 'the removal is answered rejected (acme/unknown), rejected (acme/unknown), rejected (acme/unknown)'],
  ['destination/match', 'finds nobody', '3 of the known people are not found'],
  ['destination/batch', 'small batches', 'it throws CdpError: The system refuses the request: Too many at once.'],
  ['destination/odd-values', 'needs a payload', 'no identities: it throws Cannot read properties of undefined (reading \'trim\'); no identities, taken out: it throws Cannot read properties of undefined (reading \'trim\'); null: it throws Cannot read properties of null (reading \'trim\'); null, taken out: it throws Cannot read properties of null (reading \'trim\'); a payload that is null: it throws Cannot read properties of null (reading \'text\'); a payload that is null, taken out: it throws Cannot read properties of null (reading \'text\'); lists and objects: it throws Cannot read properties of undefined (reading \'trim\'); lists and objects, taken out: it throws Cannot read properties of undefined (reading \'trim\')'],
  ['destination/dry-run', 'check writes', 'the members were 0 and are 1 now, or others'],
  ['source/limited', 'impatient', 'people, from request 1 on: it waits 0 s, and was asked for 30 s; people, from request 1 on: it waits 0 s, and was asked for 600 s; people, from request 3 on: it waits 0 s, and was asked for 30 s; people, from request 3 on: it waits 0 s, and was asked for 600 s'],
  ['destination/limited', 'impatient', 'the delivery, from request 1 on: it waits 0 s, and was asked for 30 s; the delivery, from request 1 on: it waits 0 s, and was asked for 600 s'],
  ['source/refused', '401 is no access', 'people, from request 1 on: it throws connector/refused, not connector/access; people, from request 3 on: it throws connector/refused, not connector/access'],
  ['destination/refused', '401 is no access', 'the delivery, from request 1 on: it throws connector/refused, not connector/access'],
  ['source/unavailable', '503 is for ever', 'people, from request 1 on: it throws connector/refused, not an error that is tried again later (connector/unavailable); people, from request 3 on: it throws connector/refused, not an error that is tried again later (connector/unavailable)'],
  ['destination/unavailable', '503 is for ever', 'the delivery, from request 1 on: it throws connector/refused, not an error that is tried again later (connector/unavailable)'],
  ['source/no-answer', 'no answer is an answer', 'people, from request 1 on: 5 of 5 records are missing, and there is no error; people, from request 3 on: 1 of 5 records are missing, and there is no error'],
  ['destination/no-answer', 'no answer is an answer', 'the delivery, from request 1 on: the results are rejected (acme/unknown), rejected (acme/unknown), rejected (acme/unknown), not retry'],
  ['source/malformed', 'trusts answers', 'people, from request 1 on: it throws Error: Unexpected token \'<\', "<html><bod"... is not valid JSON, which is no error of the SDK (connectorError); people, from request 3 on: it throws Error: Unexpected token \'<\', "<html><bod"... is not valid JSON, which is no error of the SDK (connectorError)'],
  ['destination/malformed', 'trusts answers', 'the delivery, from request 1 on: it throws Error: Unexpected token \'<\', "<html><bod"... is not valid JSON, which is no error of the SDK (connectorError)'],
  ['source/abort', 'sleeps on', 'it goes on for more than 0.03 s after it was aborted'],
  ['destination/abort', 'sleeps on', 'it goes on for more than 0.03 s after it was aborted'],
  ['source/limits', 'no account', 'more than 30 requests are sent in 10s; it declares 30 for the account (accountOf says which that is); 4 requests are on their way at once; it declares 2'],
  ['destination/limits', 'no account', 'more than 30 requests are sent in 10s; it declares 30 for the account (accountOf says which that is); 4 requests are on their way at once; it declares 2'],
  ['source/own-http', 'goes past the host', '4 of 8 requests go past context.http, so that no limit holds for them'],
  ['destination/own-http', 'goes past the host', '3 of 6 requests go past context.http, so that no limit holds for them'],
  ['source/secrets', 'tells its key', 'a secret of the configuration is in a log line; a secret that it fetched is in a log line'],
  ['destination/secrets', 'tells its key', 'a secret of the configuration is in a log line; a secret that it fetched is in a log line'],
]

describe('the conformance kit', () => {
  it('passes a connector that is right', async () => {
    const { checks } = await runConformance(anAcmeConnector(), anAcmeSetup)
    assert.deepEqual(checks.filter(({ outcome }) => outcome.is !== 'passed'), [])
  })

  for (const [check, fault, reason] of faults) {
    it(`${check} fails a connector with ${fault}`, async () => {
      const { checks } = await runConformance(anAcmeConnector(fault), anAcmeSetup, { only: check })
      assert.deepEqual(checks.find(({ id }) => id === check)?.outcome, { is: 'failed', reason })
    })
  }

  it('has a connector that fails it for every check', () => {
    assert.deepEqual(conformanceChecks.map(({ id }) => id).filter((id) => !faults.some(([check]) => check === id)), [])
  })

  it('looks only at what is declared when no setup is given', async () => {
    const { checks } = await runConformance(anAcmeConnector())
    assert.deepEqual([...new Set(checks.map(({ id, outcome }) => (id.startsWith('connector/') ? outcome.is : JSON.stringify(outcome))))], ['passed', JSON.stringify({ is: 'not-applicable', reason: 'no setup is given' })])
  })
})
