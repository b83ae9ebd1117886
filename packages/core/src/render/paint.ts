// Colour as a choice of the caller; symbols always carry the meaning too.

export type Paint = Readonly<Record<'green' | 'yellow' | 'red' | 'cyan' | 'dim' | 'bold', (text: string) => string>>

const plain = (text: string): string => text

export const noColour: Paint = { green: plain, yellow: plain, red: plain, cyan: plain, dim: plain, bold: plain }

export const ansiColour: Paint = {
  green: ansi(32), yellow: ansi(33), red: ansi(31), cyan: ansi(36), dim: ansi(2), bold: ansi(1),
}

function ansi(code: number): (text: string) => string {
  return (text) => `\u001b[${String(code)}m${text}\u001b[0m`
}
