// Numbers, times and names as people read them.

/** `18,402` */
export function thousands(value: number): string {
  return value.toLocaleString('en-US')
}

/** `1 change`, `2 changes` */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${thousands(value)} ${value === 1 ? one : many}`
}

/** `2026-11-23 06:00 UTC` */
export function minutes(instant: string): string {
  return `${instant.slice(0, 10)} ${instant.slice(11, 16)} UTC`
}

/** `850 ms`, `12.3 s`, `2 min 5 s` */
export function duration(ms: number): string {
  if (ms < 1000) return `${String(Math.round(ms))} ms`
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`
  return `${String(Math.floor(ms / 60_000))} min ${String(Math.round((ms % 60_000) / 1000))} s`
}

/** Rows as aligned columns, two spaces apart; numbers to the right. */
export function table(rows: readonly (readonly (string | number)[])[]): readonly string[] {
  const widths: number[] = []
  for (const row of rows) row.forEach((cell, index) => (widths[index] = Math.max(widths[index] ?? 0, shown(cell).length)))
  return rows.map((row) => row.map((cell, index) => pad(cell, widths[index] ?? 0)).join('  ').trimEnd())
}

function shown(cell: string | number): string {
  return typeof cell === 'number' ? thousands(cell) : cell
}

function pad(cell: string | number, width: number): string {
  return typeof cell === 'number' ? shown(cell).padStart(width) : cell.padEnd(width)
}
