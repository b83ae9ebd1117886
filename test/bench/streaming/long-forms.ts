// npm run bench -- libraries, npm run bench -- kills: what npm test shows in a short form, in its long one.
import { systemClock } from '../../../packages/core/src/kernel/clock.js'
import { killUnderLoad } from '../../daemon/kill-under-load.js'
import { aLiveSandbox } from '../../daemon/live-project.js'
import { compareWhatLibrariesSend } from '../../daemon/send-by-libraries.js'
import { writeSection } from '../report.js'
import { withCommas } from '../segments/figures.js'

export async function benchLibraries(events: number): Promise<void> {
  const live = await aLiveSandbox()
  const users = 5000
  const started = systemClock.ticksMs()
  await compareWhatLibrariesSend(live, { tracks: events - users, users })
  live.receiver.stop()
  writeSection({
    name: `libraries: ${withCommas(events)} events by @segment/analytics-node and @rudderstack/rudder-sdk-node`,
    header: ['events', 'people', 'seconds', 'differences in counts, identities, memberships, deliveries'],
    rows: [[withCommas(events), withCommas(users), ((systemClock.ticksMs() - started) / 1000).toFixed(0), '0']],
    notes: 'Both libraries unmodified, half of the calls each, compared with a computation apart from the product; seconds from the first call to the last comparison.',
  })
}

export async function benchKills(kills: number): Promise<void> {
  const live = await aLiveSandbox()
  const acknowledged = await killUnderLoad(live, { kills, eventsBetween: 200, random: Math.random })
  live.receiver.stop()
  writeSection({
    name: `kills: ${String(kills)} SIGKILLs of a daemon under load`,
    header: ['kills', 'events acknowledged', 'lost', 'stored twice', 'deltas twice', 'members that differ from a full evaluation, in the store and at the receiver'],
    rows: [[String(kills), withCommas(acknowledged), '0', '0', '0', '0']],
    notes: 'Three senders that repeat until they are answered; killed at random moments. The run fails at the first difference.',
  })
}
