// npm run bench -- <name> [--people N]
import { spawnSync } from 'node:child_process'
import { benchIngest } from './ingest.js'

const [name = 'ingest', ...rest] = process.argv.slice(2)
const people = Number(valueOf('--people') ?? 1_000_000)

switch (name) {
  case 'ingest':
    await benchIngest(people)
    break
  case 'impact': {
    build()
    const { benchImpact } = await import('./impact.js')
    await benchImpact(people)
    break
  }
  case 'segments': {
    build()
    const { benchSegments } = await import('./segments/index.js')
    await benchSegments({ people, store: valueOf('--store') })
    break
  }
  case 'marketo-backfill': {
    build()
    const { benchMarketoBackfill } = await import('./marketo-backfill.js')
    await benchMarketoBackfill({ leads: Number(valueOf('--people') ?? 200_000), seed: Number(valueOf('--seed') ?? 1) })
    break
  }
  case 'salesforce-backfill': {
    build()
    const { benchSalesforceBackfill } = await import('./salesforce-backfill.js')
    await benchSalesforceBackfill(Number(valueOf('--people') ?? 500_000))
    break
  }
  case 'streaming': {
    build()
    const { benchStreaming } = await import('./streaming/index.js')
    await benchStreaming({ people, seconds: Number(valueOf('--seconds') ?? 30) })
    break
  }
  case 'libraries': {
    build()
    const { benchLibraries } = await import('./streaming/long-forms.js')
    await benchLibraries(Number(valueOf('--events') ?? 100_000))
    break
  }
  case 'kills': {
    build()
    const { benchKills } = await import('./streaming/long-forms.js')
    await benchKills(Number(valueOf('--kills') ?? 50))
    break
  }
  case 'soak': {
    build()
    const { benchSoak } = await import('./streaming/soak.js')
    await benchSoak({ minutes: Number(valueOf('--minutes') ?? 30) })
    break
  }
  default:
    process.stderr.write(`There is no benchmark "${name}". Known: impact, ingest, kills, libraries, marketo-backfill, salesforce-backfill, segments, soak, streaming.\n`)
    process.exitCode = 64
}

function valueOf(option: string): string | undefined {
  const at = rest.indexOf(option)
  return at < 0 ? undefined : rest[at + 1]
}

/** What is measured is the product as it is shipped, so it must be the one of today. */
function build(): void {
  const { status } = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-b'], { stdio: 'inherit' })
  if (status !== 0) throw new Error('the product does not build')
}
