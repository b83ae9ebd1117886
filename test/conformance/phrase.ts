// A piece of an expression that knows its parts, so that it can be written as text and made smaller.

/** What a phrase is good for; a smaller phrase may stand in for a larger one of its kind. */
export type Kind = 'truth' | 'number' | 'text' | 'instant' | 'date' | 'list' | 'rows'

/** How tightly a phrase holds together; a looser one gets parentheses where a tighter one is needed. */
export const loose = 0
export const orLevel = 1
export const andLevel = 2
export const comparing = 3
export const adding = 4
export const multiplying = 5
export const tight = 9

export interface Phrase {
  readonly kind: Kind
  readonly level: number
  readonly parts: readonly (string | Hole)[]
}

interface Hole {
  readonly phrase: Phrase
  readonly level: number
}

type Filling = string | number | Phrase | Hole

/**
 * The tag of a kind of phrase. Phrases in holes stand there without parentheses; `at` asks for a level.
 * @example say('number', adding)`${at(adding, a)} + ${at(multiplying, b)}`
 */
export function say(kind: Kind, level = tight): (strings: TemplateStringsArray, ...fillings: readonly Filling[]) => Phrase {
  return (strings, ...fillings) => {
    const parts = strings.flatMap((text, index) => [text, ...(index < fillings.length ? [toPart(fillings[index] ?? '')] : [])])
    return { kind, level, parts: parts.filter((each) => each !== '') }
  }
}

export function at(level: number, phrase: Phrase): Hole {
  return { phrase, level }
}

function toPart(filling: Filling): string | Hole {
  if (typeof filling === 'object') return 'phrase' in filling ? filling : { phrase: filling, level: loose }
  return String(filling)
}

export function toText({ parts }: Phrase): string {
  return parts.map((part) => (typeof part === 'string' ? part : part.phrase.level < part.level ? `(${toText(part.phrase)})` : toText(part.phrase))).join('')
}

const smallest: Readonly<Record<Kind, readonly Phrase[]>> = {
  truth: [say('truth')`true`, say('truth')`false`],
  number: [say('number')`0`, say('number')`1`],
  text: [say('text')`"a"`],
  instant: [say('instant')`$now()`],
  date: [say('date')`"2025-01-01"`],
  list: [say('list')`[]`],
  rows: [],
}

/** Smaller phrases in its place, the smallest first: parts of it, then the same with one part made smaller. */
export function* smallerThan(phrase: Phrase): Generator<Phrase> {
  yield* smallest[phrase.kind].filter((each) => toText(each) !== toText(phrase))
  for (const part of allParts(phrase)) if (part.kind === phrase.kind) yield part
  for (const [index, part] of phrase.parts.entries()) {
    if (typeof part === 'string') continue
    for (const smaller of smallerThan(part.phrase)) yield { ...phrase, parts: phrase.parts.with(index, { ...part, phrase: smaller }) }
  }
}

/** All phrases inside, of any kind, deepest first. */
export function allParts(phrase: Phrase): readonly Phrase[] {
  return phrase.parts.flatMap((part) => (typeof part === 'string' ? [] : [...allParts(part.phrase), part.phrase]))
}
