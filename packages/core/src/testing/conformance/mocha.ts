// The checks as tests of mocha: one `describe` for the connector, one `it` for each check. mocha is taken from where it runs, so
// that whoever does not test needs none.
import type { Connector } from '../../plugins/sdk.js'
import { checksOf, runCheck } from './run.js'
import type { ConformanceStart } from './setup.js'

/** Of mocha's `it`, what is used. */
interface Test {
  readonly test?: { title: string }
  skip(): void
}

interface TestRunner {
  readonly describe: (title: string, define: () => void) => unknown
  readonly it: (title: string, run: (this: Test) => Promise<void>) => unknown
}

/**
 * Registers every check of the connector as a test. What is not applicable is skipped, with the reason in its title.
 * @example connectorConformance(crmConnector, () => ({ config: { url: server.url } }))
 */
export function connectorConformance(connector: Connector, start?: ConformanceStart, { describe, it }: TestRunner = globalThis as unknown as TestRunner): void {
  describe(`connector ${connector.name} conforms`, () => {
    for (const check of checksOf(connector)) {
      it(`${check.id} ${check.shows}`, async function () {
        const outcome = await runCheck(check, connector, start)
        if (outcome.is === 'failed') throw new Error(outcome.reason)
        if (outcome.is === 'passed') return
        if (this.test) this.test.title += ` (not applicable: ${outcome.reason})`
        this.skip()
      })
    }
  })
}
