// Ours: the instant so many hours before now, as text that compares with timestamps.
import { instantFromMs } from '../../kernel/clock.js'
import { run } from '../closure/run.js'
import { defineFunction } from './function-spec.js'

const hourMs = 3_600_000

export const hoursAgo = defineFunction({ name: 'hoursAgo', signature: undefined, gives: 'string', closure: (hours: number) => instantFromMs(run.nowMs - hours * hourMs) })
