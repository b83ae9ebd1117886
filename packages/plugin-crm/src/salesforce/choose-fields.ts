// Which fields of an object a stream reads: what its mapping names, what its configuration adds, and what we need ourselves.
import type { ObjectDescription } from './describe.js'

export interface FieldWish {
  /** Undefined when the mapping may read everything. */
  readonly mapped: readonly string[] | undefined
  readonly added: readonly string[]
  readonly readsFormulas: boolean
  /** Fields that only our own mapping names: not every organization has them. */
  readonly isOurs: (field: string) => boolean
}

export interface FieldChoice {
  /** In the order of their names, so that a record is the same text each time. */
  readonly fields: readonly string[]
  readonly warnings: readonly string[]
}

const own = ['Id', 'IsDeleted', 'MasterRecordId'] as const

export function chooseFields({ name, fields, cursor }: ObjectDescription, wish: FieldWish): FieldChoice {
  const wanted = [...new Set([...(wish.mapped ?? [...fields.keys()]), ...wish.added])]
  const missing = wanted.filter((each) => !fields.has(each) && !wish.isOurs(each))
  const formulas = wanted.filter((each) => fields.get(each)?.isFormula === true)
  const chosen = wanted.filter((each) => fields.has(each) && (wish.readsFormulas || fields.get(each)?.isFormula !== true))
  return {
    fields: [...new Set([...chosen, ...own.filter((each) => fields.has(each)), cursor])].sort(),
    warnings: [
      ...missing.map((each) => `${name}.${each} is not there, or the integration user may not see it: it is read as nothing`),
      ...(formulas.length === 0 ? [] : [wish.readsFormulas
        ? `${name}: ${formulas.join(', ')} are formula fields: they change without a trace, and are only up to date after a run with --full-refresh`
        : `${name}: ${formulas.join(', ')} are formula fields, which change without a trace: they are not read (formulaFields: read in the stream's config reads them)`]),
    ],
  }
}
