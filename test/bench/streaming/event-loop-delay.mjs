// Loaded into the daemon by `node --import`: appends the event loop's delay of each ten seconds to a file, in milliseconds.
import { appendFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'

const delay = monitorEventLoopDelay({ resolution: 5 })
delay.enable()
setInterval(() => {
  appendFileSync(process.env.EVENT_LOOP_DELAY_FILE, `${JSON.stringify({ median: delay.percentile(50) / 1e6, p99: delay.percentile(99) / 1e6, max: delay.max / 1e6, rss: process.memoryUsage().rss, heap: process.memoryUsage().heapUsed })}\n`)
  delay.reset()
}, 10_000).unref()
