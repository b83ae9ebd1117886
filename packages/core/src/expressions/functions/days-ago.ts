// Ours: the instant so many days before now, as text that compares with timestamps.
import { instantFromMs } from '../../kernel/clock.js'
import { run } from '../closure/run.js'
import { defineFunction } from './function-spec.js'

const dayMs = 86_400_000

export const daysAgo = defineFunction({ name: 'daysAgo', signature: undefined, gives: 'string', closure: (days: number) => instantFromMs(run.nowMs - days * dayMs) })
