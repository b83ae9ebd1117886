// The items of a group: one item is itself, several are a list, lists among them are joined to it.
import { checkLength } from './values.js'

export class Collected {
  #value: unknown
  // The first item may be a list of the data, which is not ours to add to.
  #own: unknown[] | undefined

  constructor(first: unknown) {
    this.#value = first
  }

  get value(): unknown {
    return this.#own ?? this.#value
  }

  add(item: unknown): void {
    if (item === undefined) return
    if (this.#own === undefined && this.#value === undefined) {
      this.#value = item
      return
    }
    this.#own ??= Array.isArray(this.#value) ? [...(this.#value as unknown[])] : [this.#value]
    if (Array.isArray(item)) for (const each of item) this.#own.push(each)
    else this.#own.push(item)
    checkLength(this.#own.length)
  }
}
