// The values in random expressions: numbers, texts, instants, lists and rows, from fields, constants and functions of them.
import type { FieldType } from '../../packages/core/src/entities/entity-schema.js'
import { dates, instants, numbers, texts, valuesOf } from './arbitrary-values.js'
import type { Draw } from './draw.js'
import { type FieldInScope, type Scope, itemScope } from './expression-scope.js'
import { type Model, type RelationName, relationNames } from './model.js'
import { type Kind, type Phrase, adding, at, loose, multiplying, say } from './phrase.js'

export interface RowsPhrase {
  readonly phrase: Phrase
  readonly relation: RelationName
  /** Inside its predicates and after it in a path. */
  readonly item: Scope
}

const number = say('number')
const text = say('text')

export abstract class ExpressionWriter {
  #regexesAllowed = true

  constructor(protected readonly draw: Draw, protected readonly model: Model) {}

  abstract condition(scope: Scope, depth: number): Phrase

  number(scope: Scope, depth: number): Phrase {
    const { draw } = this
    if (depth <= 0) return draw.one<Phrase>([4, () => this.field(scope, 'number')], [1, () => this.constant(scope, 'number')], [1, () => this.variable(scope, 'number') ?? this.field(scope, 'number')])
    const deeper = depth - 1
    return draw.one<Phrase>(
      [6, () => this.number(scope, 0)],
      [10, () => this.count(scope, deeper)],
      [10, () => this.aggregate(scope, deeper)],
      [6, () => this.arithmetic(scope, deeper)],
      [2, () => number`$length(${this.text(scope, deeper)})`],
      [2, () => number`$number(${draw.chance(50) ? this.budget(scope) : this.text(scope, deeper)})`],
      [2, () => number`$${draw.pick(['floor', 'ceil', 'abs', 'round', 'sqrt'])}(${this.number(scope, deeper)})`],
      [1, () => number`$round(${this.number(scope, deeper)}, ${draw.pick(['1', '2', '-1'])})`],
      [1, () => number`$power(${this.number(scope, deeper)}, ${draw.pick(['2', '0', '-1', '0.5'])})`],
      [3, () => say('number', loose)`${at(adding, this.copied(() => this.number(scope, deeper)))} ${draw.pick(['??', '?:'])} ${this.constant(scope, 'number')}`],
      [1, () => say('number', loose)`${this.condition(scope, deeper)} ? ${this.number(scope, deeper)} : ${this.number(scope, deeper)}`],
    )
  }

  text(scope: Scope, depth: number): Phrase {
    const { draw } = this
    if (depth <= 0) return draw.one<Phrase>([4, () => this.field(scope, 'string')], [1, () => this.constant(scope, 'string')], [1, () => this.variable(scope, 'text') ?? this.field(scope, 'string')])
    const deeper = depth - 1
    const inner = this.text(scope, deeper)
    return draw.one<Phrase>(
      [8, () => this.text(scope, 0)],
      [4, () => text`$${draw.pick(['lowercase', 'uppercase', 'trim'])}(${inner})`],
      [3, () => text`$substring(${inner}, ${draw.pick(['0', '1', '-2', '3', '-1', '100'])}${draw.pick(['', '', ', 2', ', 1', ', 0', ', -1'])})`],
      [3, () => text`$${draw.pick(['substringBefore', 'substringAfter'])}(${inner}, ${draw.pick(['"a"', '"@"', '" "', '""', '"ß"'])})`],
      [2, () => say('text', adding)`${at(adding, inner)} & ${at(multiplying, draw.chance(70) ? this.text(scope, 0) : this.field(scope, draw.pick<FieldType>(['number', 'boolean', 'date'])))}`],
      [1, () => text`$string(${this.number(scope, deeper)})`],
      [1, () => text`$substring(${this.field(scope, 'timestamp')}, ${draw.pick(['0, 10', '0, 4', '5, 2', '11, 2'])})`],
      [1, () => text`$fromMillis($toMillis(${this.field(scope, draw.pick(['timestamp', 'date']))}), "${draw.pick(['[Y0001]-[M01]-[D01]', '[F0]', '[M01]', '[H01]:[m01]', '[Y]'])}")`],
      [2, () => say('text', loose)`${at(adding, this.copied(() => this.text(scope, deeper)))} ${draw.pick(['??', '?:'])} ${this.constant(scope, 'string')}`],
      [1, () => text`$replace(${inner}, ${this.pattern('/[a-c]/', draw.pick(['"a"', '"ß"']))}, ${draw.pick(['"b"', '""', '"$"'])})`],
      [1, () => text`$pad(${inner}, ${draw.pick(['5', '-5'])}, "#")`],
    )
  }

  /** In milliseconds. */
  momentMs(): Phrase {
    const days = this.draw.pick(['1', '7', '14', '30', '90', '365'])
    return this.draw.one<Phrase>(
      [6, () => say('number', adding)`$millis() - ${days} * 86400000`],
      [1, () => number`$millis()`],
      [1, () => say('number', adding)`$toMillis($now()) - ${days} * 86400000`],
      [1, () => number`$toMillis(${JSON.stringify(this.draw.pick(instants))})`],
    )
  }

  instant(scope: Scope): Phrase {
    const instant = say('instant')
    return this.draw.one<Phrase>(
      [4, () => instant`$daysAgo(${this.draw.pick(['0', '1', '7', '30', '90', '-1', '0.5'])})`],
      [1, () => instant`$hoursAgo(${this.draw.pick(['1', '24', '168'])})`],
      [3, () => instant`$fromMillis(${this.momentMs()})`],
      [3, () => instant`${JSON.stringify(this.draw.pick(instants))}`],
      [1, () => instant`$now()`],
      [1, () => instant`${this.field(scope, 'timestamp')}`],
    )
  }

  date(): Phrase {
    const date = say('date')
    return this.draw.one<Phrase>(
      [3, () => date`${JSON.stringify(this.draw.pick(dates))}`],
      [2, () => date`$fromMillis(${this.momentMs()}, "[Y0001]-[M01]-[D01]")`],
      [1, () => date`$substring($now(), 0, 10)`],
    )
  }

  list(scope: Scope, depth: number): Phrase {
    const list = say('list')
    return this.draw.one<Phrase>(
      [4, () => list`${this.field(scope, 'strings')}`],
      [3, () => { const { phrase, item } = this.rows(scope, depth); return list`${phrase}.${this.draw.chance(40) ? this.field(item, 'strings') : this.field(item, 'string')}` }],
      [1, () => list`$distinct(${this.field(scope, 'strings')})`],
    )
  }

  rows(scope: Scope, depth: number): RowsPhrase {
    const relation = this.draw.pick(relationNames)
    const item = itemScope(scope, this.model, relation)
    const rows = say('rows')
    const predicate = (): Phrase => this.condition(item, depth - 1)
    const phrase = this.draw.one<Phrase>(
      [7, () => rows`${scope.toRoot}${relation}[${predicate()}]`],
      [2, () => rows`${scope.toRoot}${relation}`],
      [1, () => rows`${scope.toRoot}${relation}[${predicate()}][${predicate()}]`],
    )
    return { phrase, relation, item }
  }

  count(scope: Scope, depth: number): Phrase {
    const { phrase, item } = this.rows(scope, depth)
    return this.draw.one<Phrase>(
      [6, () => number`$count(${phrase})`],
      [2, () => number`$count(${phrase}.${this.anyField(item)})`],
      [2, () => number`$count($distinct(${phrase}.${this.anyField(item)}))`],
      [1, () => number`$count($distinct(${phrase}.$substring(${this.field(item, this.draw.pick(['timestamp', 'date']))}, 0, 7)))`],
      [1, () => number`$count(${this.list(scope, depth)})`],
    )
  }

  aggregate(scope: Scope, depth: number): Phrase {
    const { phrase, item } = this.rows(scope, depth)
    const name = this.draw.pick(['sum', 'sum', 'max', 'min', 'average'])
    return this.draw.one<Phrase>(
      [5, () => number`$${name}(${phrase}.${this.field(item, 'number')})`],
      [2, () => number`$${name}(${phrase}.(${this.arithmetic(item, 0)}))`],
      [1, () => number`$${name}(${phrase}.$toMillis(${this.field(item, this.draw.pick(['timestamp', 'date']))}))`],
    )
  }

  field(scope: Scope, type: FieldType): Phrase {
    return say(kinds[type])`${this.findField(scope, type).path}`
  }

  /** Mostly of the item at hand, else of the person; where there is none of the type, the person has one. */
  findField(scope: Scope, type: FieldType): FieldInScope {
    const own = scope.fields.filter((each) => each.type === type)
    const from = own.length > 0 && this.draw.chance(90) ? own : scope.outer.filter((each) => each.type === type)
    return this.draw.pick(from.length > 0 ? from : scope.outer)
  }

  anyField(scope: Scope): Phrase {
    return say('text')`${this.draw.pick(scope.fields).path}`
  }

  constant(scope: Scope, type: FieldType): Phrase {
    return this.constantOf(this.findField(scope, type).field, type)
  }

  /** Mostly a value that the field does hold somewhere. */
  constantOf(field: string, type: FieldType): Phrase {
    const general: readonly (string | number | boolean)[] = type === 'number' ? numbers : type === 'timestamp' ? instants : type === 'date' ? dates : texts
    const value = this.draw.pick(this.draw.chance(85) ? valuesOf(field, type) : general)
    return say(kinds[type])`${JSON.stringify(value)}`
  }

  /** The left side of `?:` and `??` is copied by the parser, and regexes are lost in it: nobody can rely on what comes then. */
  copied(make: () => Phrase): Phrase {
    const before = this.#regexesAllowed
    this.#regexesAllowed = false
    const phrase = make()
    this.#regexesAllowed = before
    return phrase
  }

  protected pattern(regex: string, otherwise: string): string {
    return this.#regexesAllowed && this.draw.chance(60) ? regex : otherwise
  }

  protected variable(scope: Scope, kind: Kind): Phrase | undefined {
    const found = scope.variables.filter((each) => each.kind === kind)
    return found.length === 0 ? undefined : say(kind)`${this.draw.pick(found).name}`
  }

  protected arithmetic(scope: Scope, depth: number): Phrase {
    const [left, right] = [this.number(scope, depth), this.draw.chance(60) ? this.constant(scope, 'number') : this.number(scope, depth)]
    const operator = this.draw.pick(['+', '-', '*', '/', '%'])
    if (operator === '+' || operator === '-') return say('number', adding)`${at(adding, left)} ${operator} ${at(multiplying, right)}`
    return say('number', multiplying)`${at(multiplying, left)} ${operator} ${at(multiplying + 1, right)}`
  }

  /** The field that holds a number or a text. */
  private budget(scope: Scope): Phrase {
    return say('text')`${scope.fields.find((each) => each.type === 'object')?.path ?? 'person.custom.nps'}`
  }
}

const kinds: Readonly<Record<FieldType, Kind>> = { string: 'text', key: 'text', number: 'number', integer: 'number', boolean: 'truth', timestamp: 'instant', date: 'date', strings: 'list', object: 'text' }
