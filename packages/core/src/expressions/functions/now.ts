import { run } from '../closure/run.js'
import { formatMillis } from './from-millis.js'
import { defineFunction } from './function-spec.js'

export const now = defineFunction({ name: 'now', signature: '<s?s?:s>', gives: 'string', closure: (picture: string | undefined, zone: string | undefined) => formatMillis(run.nowMs, picture, zone) })
