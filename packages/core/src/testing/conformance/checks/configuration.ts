// The configuration: one that works, those that do not, and older ones.
import { fitsSchema, toCurrentConfig } from '../../../plugins/current-config.js'
import type { CheckResult, JsonObject } from '../../../plugins/sdk.js'
import type { DestinationBench, SourceBench } from '../bench.js'
import { type ConformanceCheck, failed, forBothSides, notApplicable, outcomeOf, passed } from '../check.js'
import type { BadConfig } from '../setup.js'

export const configurationChecks: readonly ConformanceCheck[] = [
  ...forBothSides({
    name: 'check', shows: 'finds nothing wrong with a configuration that works',
    run: async (bench) => {
      if (!fitsSchema(bench.side.configSchema, bench.setup.config)) return failed('the configuration of the setup does not fit the schema')
      const result = await bench.open().check()
      return result.ok ? passed : failed(`it finds wrong: ${result.reason}`)
    },
  }),
  ...forBothSides({
    name: 'bad-config', shows: 'names the field of a configuration that does not work',
    run: async (bench) => {
      const { badConfigs = [] } = bench.setup
      if (badConfigs.length === 0) return notApplicable('the setup has no badConfigs')
      const wrong: string[] = []
      for (const each of badConfigs) wrong.push(...(await findWrongAnswer(bench, each)))
      return outcomeOf(wrong)
    },
  }),
  ...forBothSides({
    name: 'old-config', shows: 'works with configurations of its older versions',
    run: async (bench) => {
      const { configVersion = 1 } = bench.side
      const { oldConfigs = [] } = bench.setup
      if (configVersion === 1 && oldConfigs.length === 0) return notApplicable('this is the first version of its configuration')
      if (oldConfigs.length === 0) return failed(`its configuration has version ${String(configVersion)}, and the setup has no oldConfigs`)
      const wrong: string[] = []
      for (const [index, each] of oldConfigs.entries()) wrong.push(...(await findOldMistakes(bench, each, index)))
      return outcomeOf(wrong)
    },
  }),
]

async function findWrongAnswer(bench: SourceBench | DestinationBench, { config, pointer }: BadConfig): Promise<readonly string[]> {
  if (!fitsSchema(bench.side.configSchema, config)) return [`the bad configuration for ${pointer} does not fit the schema, so that it would never come to a check`]
  const result = await ask(() => bench.open({ config }).check())
  if (typeof result === 'string') return [`with a bad ${pointer} check throws ${result}`]
  if (result.ok) return [`with a bad ${pointer} check finds nothing wrong`]
  return [
    ...(result.pointer === pointer ? [] : [`with a bad ${pointer} check names ${result.pointer ?? 'no field'}`]),
    ...(result.reason.trim() === '' ? [`with a bad ${pointer} check gives no reason`] : []),
  ]
}

async function ask(check: () => Promise<CheckResult>): Promise<CheckResult | string> {
  try {
    return await check()
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

async function findOldMistakes(bench: SourceBench | DestinationBench, config: JsonObject, index: number): Promise<readonly string[]> {
  const { config: current } = toCurrentConfig(bench.side, config)
  if (!fitsSchema(bench.side.configSchema, current)) return [`oldConfigs[${String(index)}] does not fit the schema, migrated or not`]
  const result = await bench.open({ config }).check()
  return result.ok ? [] : [`with oldConfigs[${String(index)}] it finds wrong: ${result.reason}`]
}
