// What an expression gave as one text, the same for values that are the same: keys in order, functions left out.

export function toPlainText(value: unknown): string {
  if (value === undefined || isFunction(value)) return 'nothing'
  if (typeof value === 'number') return Object.is(value, -0) ? '0' : String(value)
  if (Array.isArray(value)) return `[${value.map((each) => (each === undefined || isFunction(each) ? 'null' : toPlainText(each))).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = Object.entries(value).filter(([, each]) => each !== undefined && !isFunction(each))
  return `{${entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, each]) => `${JSON.stringify(key)}:${toPlainText(each)}`).join(',')}}`
}

/** jsonata's own functions are objects with a mark. */
function isFunction(value: unknown): boolean {
  return typeof value === 'function' || (typeof value === 'object' && value !== null && ('_jsonata_function' in value || '_jsonata_lambda' in value))
}
