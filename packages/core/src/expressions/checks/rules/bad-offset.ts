// `"+05:00"` is five minutes for $fromMillis, and "Europe/Paris" is no number at all.
import { defineRule } from '../rule.js'
import { knownValue } from '../seen.js'

export const badOffset = defineRule('expression/bad-offset', ['call'], ({ name, args }) => {
  const zone = args[2]
  const text = zone ? knownValue(zone.seen) : undefined
  if (name !== 'fromMillis' || !zone || typeof text !== 'string' || /^[+-]?\d{4}$/.test(text)) return []
  return [{ node: zone.node, params: { offset: JSON.stringify(text), instead: insteadOf(text) } }]
})

function insteadOf(text: string): string {
  if (/^[+-]\d{2}:\d{2}$/.test(text)) return `Write "${text.replace(':', '')}".`
  return /^(|z|utc|gmt)$/i.test(text) ? 'Leave it out for UTC.' : 'Write the offset, such as "+0100"; there is no daylight saving.'
}
