// Which bit of which word stands for which atom in the last pass. An atom that is a whole segment gets the segment's own bit, so
// that nothing has to be moved; the others take what is free.
import { type SqlText, name, sqlText } from '../kernel/sql-text.js'
import type { Dialect } from '../expressions/sql/dialect.js'

export interface BitPlace {
  readonly word: number
  readonly bit: number
}

/** So many that words are whole numbers of JavaScript, too; the rest of a word of the engine's is for atoms. */
export const bitsPerWord = 50
const bitsOfEngine = 60

/** Where a segment's bit is, counted over all words. */
export function placeOf(bit: number): BitPlace {
  return { word: Math.floor(bit / bitsPerWord), bit: bit % bitsPerWord }
}

/** Of a word of segments' bits as a number: it has more than JavaScript's operators on bits see. */
export function isSet(word: number, bit: number): boolean {
  return Math.floor(word / 2 ** bit) % 2 === 1
}

export class BitPlaces {
  readonly #taken = new Set<string>()
  #words = 1
  #next = 0

  /** Word 0 has the bit that says that the profile is there. */
  readonly present = this.reserve({ word: 0, bit: bitsPerWord })

  get words(): readonly number[] {
    return Array.from({ length: this.#words }, (_, word) => word)
  }

  isFree({ word, bit }: BitPlace): boolean {
    return !this.#taken.has(`${String(word)} ${String(bit)}`)
  }

  reserve(place: BitPlace): BitPlace {
    this.#taken.add(`${String(place.word)} ${String(place.bit)}`)
    this.#words = Math.max(this.#words, place.word + 1)
    return place
  }

  takeFree(): BitPlace {
    for (;; this.#next++) {
      const place = { word: Math.floor(this.#next / bitsOfEngine), bit: this.#next % bitsOfEngine }
      if (this.isFree(place)) return this.reserve(place)
    }
  }
}

export function wordColumn(word: number): string {
  return `a${String(word)}`
}

export function hasBitAt({ word, bit }: BitPlace, dialect: Dialect): SqlText {
  return dialect.hasBit(sqlText`a.${name(wordColumn(word))}`, bit)
}
