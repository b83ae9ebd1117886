// Chance, handed in by fast-check: every choice comes from its seed.
import fc from 'fast-check'

export type Choice<T> = readonly [weight: number, make: () => T]

export class Draw {
  constructor(private readonly value: fc.GeneratorValue) {}

  /** A whole number from 0 to below the limit. */
  below(limit: number): number {
    return this.value(fc.nat, limit - 1)
  }

  chance(percent: number): boolean {
    return this.below(100) < percent
  }

  pick<T>(list: readonly T[]): T {
    const index = this.below(list.length)
    return list[index] as T
  }

  /** One of the choices, heavier ones more often. */
  one<T>(...choices: readonly Choice<T>[]): T {
    let left = this.below(choices.reduce((sum, [weight]) => sum + weight, 0))
    for (const [weight, make] of choices) {
      if (left < weight) return make()
      left -= weight
    }
    throw new RangeError('no choice')
  }

  /** So many things, the number drawn from the list. */
  several<T>(counts: readonly number[], make: () => T): readonly T[] {
    return Array.from({ length: this.pick(counts) }, make)
  }
}

export function drawn<T>(make: (draw: Draw) => T): fc.Arbitrary<T> {
  return fc.gen().map((value) => make(new Draw(value)))
}

export function sampleOf<T>(arbitrary: fc.Arbitrary<T>, count: number, seed: number): readonly T[] {
  return fc.sample(arbitrary, { numRuns: count, seed, unbiased: true })
}
