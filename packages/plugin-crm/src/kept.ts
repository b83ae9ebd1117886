// A value that is fetched when it is first needed and kept until it is given up; those who ask meanwhile wait for the same one.

export class Kept<T> {
  #value: Promise<T> | undefined

  constructor(private readonly fetch: () => Promise<T>) {}

  get(): Promise<T> {
    this.#value ??= this.fetch().catch((error: unknown) => {
      this.#value = undefined
      throw error
    })
    return this.#value
  }

  /** Forgets the value, unless another one has taken its place already. */
  async drop(value: T): Promise<void> {
    if (this.#value !== undefined && (await this.#value.catch(() => undefined)) === value) this.#value = undefined
  }
}
