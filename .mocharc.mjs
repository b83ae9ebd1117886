// Test files run beside each other, one process for each core: a file may rely on nothing that processes share — no port, no folder but its own.
// Not more than four, since each takes half a gigabyte. The longest files come first, so that no core waits for the last of them.
import { availableParallelism } from 'node:os'

export default {
  'node-option': ['import=tsx'],
  spec: ['test/**/*.test.ts', 'packages/*/src/**/*.test.ts'],
  parallel: true,
  jobs: Math.min(4, availableParallelism()),
  forbidOnly: true,
  failZero: true,
  timeout: 20_000,
}
