// Secrets: a connector keeps them to itself, in good times and in bad. The host takes out what it knows; a connector must not rely on it.
import { formsOf } from '../../../plugins/redact.js'
import { resolveSecrets, secretReader } from '../../../plugins/resolve-secrets.js'
import type { DestinationBench, SourceBench } from '../bench.js'
import { type ConformanceCheck, type Outcome, forBothSides, notApplicable, outcomeOf } from '../check.js'
import type { TestAnswer } from '../wire.js'
import { worksOf } from './troubles.js'

export const discretionChecks: readonly ConformanceCheck[] = forBothSides({ name: 'secrets', shows: 'says no secret in a log, an error or an answer', run: keepsSecrets })

const badDays: readonly TestAnswer[] = [401, 403, 500, 200].map((status) => ({ status, text: 'this is no answer' }))

async function keepsSecrets(bench: SourceBench | DestinationBench): Promise<Outcome> {
  const { config, secrets = {}, badConfigs = [] } = bench.setup
  const used = resolveSecrets(config, secretReader(secrets)).secrets
  if (used.length === 0) return notApplicable('its configuration has no secret')
  await bench.open().check()
  await workOn(bench)
  for (const each of badConfigs) await bench.open({ config: each.config }).check().catch(() => undefined)
  for (const [index, each] of badDays.entries()) {
    bench.wire.spoil(each, { from: index % 2 })
    await bench.open().check().catch(() => undefined)
    await workOn(bench)
    bench.wire.mend()
  }
  const said = (secret: string, whose: string): readonly string[] => bench.ear.said.filter(([, text]) => formsOf(secret).some((form) => text.includes(form))).map(([where]) => `${whose} is in ${where}`)
  const wrong = [...used.flatMap((each) => said(each, 'a secret of the configuration')), ...[...bench.ear.fetched].filter((each) => !used.includes(each)).flatMap((each) => said(each, 'a secret that it fetched'))]
  return outcomeOf([...new Set(wrong)])
}

async function workOn(bench: SourceBench | DestinationBench): Promise<void> {
  try {
    const works = await worksOf(bench)
    if (typeof works !== 'string') for (const each of works) await each.run().catch(() => undefined)
  } catch {
    // Nothing can be worked on while the system does not answer; what was said of it has been heard.
  }
}
