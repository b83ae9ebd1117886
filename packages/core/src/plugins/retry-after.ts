// The Retry-After header (RFC 9110, 10.2.3): seconds or an HTTP date.

/** Milliseconds to wait; undefined when there is no header or it means nothing. */
export function toRetryAfterMs(header: string | undefined, nowMs: number): number | undefined {
  if (header === undefined) return undefined
  if (/^\d+$/.test(header.trim())) return Number(header) * 1000
  const at = Date.parse(header)
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs)
}
