// Random expressions over the model, most of them as somebody would write a segment: conditions on fields, on the items
// of relations and on their aggregates. A few are ill-typed or odd; evaluators have to agree on those as well.
import type fc from 'fast-check'
import type { FieldType } from '../../packages/core/src/entities/entity-schema.js'
import { valuesOf } from './arbitrary-values.js'
import { type Draw, drawn } from './draw.js'
import { ExpressionWriter } from './expression-writer.js'
import { type Scope, itemScope, joins, rootScope, withVariable } from './expression-scope.js'
import { MisreadWriter } from './misread-expressions.js'
import type { Model } from './model.js'
import { OddWriter } from './odd-expressions.js'
import { type Phrase, adding, andLevel, at, comparing, loose, orLevel, say } from './phrase.js'

/** Conditions on people, and values that count as true or not, up to the depth. */
export function arbitraryExpression(model: Model, depth = 3): fc.Arbitrary<Phrase> {
  return drawn((draw) => new ConditionWriter(draw, model).expression(rootScope(model), 1 + draw.below(depth)))
}

const truth = say('truth')
const comparison = say('truth', comparing)

class ConditionWriter extends ExpressionWriter {
  readonly #odd: OddWriter
  readonly #misread: MisreadWriter

  constructor(draw: Draw, model: Model) {
    super(draw, model)
    this.#odd = new OddWriter(draw, model, this)
    this.#misread = new MisreadWriter(draw, model, this)
  }

  expression(scope: Scope, depth: number): Phrase {
    return this.draw.one<Phrase>([66, () => this.condition(scope, depth)], [22, () => this.value(scope, depth)], [12, () => this.#odd.condition(scope, depth)], [9, () => this.#misread.condition(scope, depth)])
  }

  private value(scope: Scope, depth: number): Phrase {
    return this.draw.one<Phrase>([3, () => this.number(scope, depth)], [3, () => this.text(scope, depth)], [1, () => this.list(scope, depth)], [1, () => this.rows(scope, depth).phrase])
  }

  override condition(scope: Scope, depth: number): Phrase {
    if (depth <= 0) return this.simple(scope)
    const deeper = depth - 1
    return this.draw.one<Phrase>(
      [20, () => this.simple(scope)],
      [14, () => this.bothOrEither(scope, deeper)],
      [6, () => truth`$not(${this.condition(scope, deeper)})`],
      [7, () => this.textTest(scope, deeper)],
      [7, () => this.timeTest(scope, deeper)],
      [12, () => this.rowsTest(scope, deeper)],
      [14, () => this.numberTest(scope, deeper)],
      [8, () => this.pickTest(scope, deeper)],
      [6, () => this.listTest(scope, deeper)],
      [5, () => this.joinTest(scope, deeper)],
      [4, () => this.choice(scope, deeper)],
      [4, () => this.blockTest(scope, deeper)],
      [6, () => this.#odd.condition(scope, deeper)],
      [2, () => this.#misread.condition(scope, deeper)],
    )
  }

  /** One field against a constant. */
  private simple(scope: Scope): Phrase {
    const { draw } = this
    return draw.one<Phrase>(
      [8, () => this.fieldTest(scope)],
      [3, () => truth`${this.anyField(scope)}`],
      [3, () => truth`$exists(${this.anyField(scope)})`],
      [3, () => this.flagTest(scope)],
      [2, () => comparison`${at(adding, this.text(scope, 0))} in ${this.field(scope, 'strings')}`],
      [2, () => comparison`${this.field(scope, 'string')} in [${this.constant(scope, 'string')}, ${this.constant(scope, 'string')}]`],
      [1, () => comparison`$type(${this.anyField(scope)}) = "${draw.pick(['string', 'number', 'boolean', 'array', 'null'])}"`],
    )
  }

  private fieldTest(scope: Scope): Phrase {
    const type = this.draw.pick<FieldType>(['string', 'string', 'number', 'number', 'date', 'timestamp'])
    const found = this.findField(scope, type)
    const operator = type === 'string' ? this.draw.pick(['=', '=', '!=', '<', '>=']) : this.draw.pick(['=', '!=', '<', '<=', '>', '>='])
    return comparison`${found.path} ${operator} ${this.constantOf(found.field, type)}`
  }

  private flagTest(scope: Scope): Phrase {
    const flag = this.field(scope, 'boolean')
    return this.draw.one<Phrase>(
      [3, () => truth`${flag}`],
      [3, () => comparison`${flag} ${this.draw.pick(['=', '!='])} ${this.draw.pick(['true', 'false'])}`],
      [2, () => truth`$not(${flag} = true)`],
      [1, () => truth`$not(${flag})`],
      [1, () => truth`$boolean(${flag})`],
    )
  }

  private bothOrEither(scope: Scope, depth: number): Phrase {
    const [left, right] = [this.condition(scope, depth), this.condition(scope, depth)]
    return this.draw.chance(60) ? say('truth', andLevel)`${at(andLevel, left)} and ${at(comparing, right)}` : say('truth', orLevel)`${at(orLevel, left)} or ${at(andLevel, right)}`
  }

  private textTest(scope: Scope, depth: number): Phrase {
    const { draw } = this
    const text = this.text(scope, depth)
    return draw.one<Phrase>(
      [8, () => truth`$contains(${text}, ${this.pattern(`/${draw.pick(patterns)}/${draw.chance(40) ? 'i' : ''}`, JSON.stringify(draw.pick(valuesOf(this.findField(scope, 'string').field, 'string'))))})`],
      [4, () => comparison`${at(adding, text)} ${draw.pick(['=', '!=', '<', '<=', '>', '>='])} ${at(adding, this.text(scope, depth))}`],
      [3, () => comparison`${at(adding, text)} in [${this.constant(scope, 'string')}, ${this.text(scope, 0)}, "A"]`],
    )
  }

  private timeTest(scope: Scope, depth: number): Phrase {
    const operator = this.draw.pick(['<', '<=', '>', '>=', '='])
    return this.draw.one<Phrase>(
      [5, () => comparison`${this.field(scope, 'timestamp')} ${operator} ${this.instant(scope)}`],
      [5, () => comparison`$toMillis(${this.field(scope, this.draw.pick(['timestamp', 'date']))}) ${operator} ${this.momentMs()}`],
      [2, () => comparison`${this.field(scope, 'date')} ${operator} ${this.date()}`],
      [2, () => comparison`${at(adding, this.number(scope, depth))} ${operator} ($millis() - $toMillis(${this.field(scope, 'date')})) / ${this.draw.pick(['86400000', '31557600000'])}`],
      [1, () => comparison`$fromMillis($toMillis(${this.field(scope, 'timestamp')}), "[F0]") in ["1", "6", "7"]`],
    )
  }

  private numberTest(scope: Scope, depth: number): Phrase {
    const { draw } = this
    const [left, right] = [this.number(scope, depth), draw.chance(75) ? this.constant(scope, 'number') : this.number(scope, depth)]
    return comparison`${at(adding, left)} ${draw.pick(['=', '!=', '<', '<=', '>', '>='])} ${at(adding, right)}`
  }

  private rowsTest(scope: Scope, depth: number): Phrase {
    const { phrase, item } = this.rows(scope, depth)
    return this.draw.one<Phrase>(
      [6, () => truth`$exists(${phrase})`],
      [3, () => truth`${phrase}`],
      [3, () => truth`$not($exists(${phrase}))`],
      [2, () => truth`$exists(${phrase}.${this.anyField(item)})`],
      [2, () => truth`${phrase}.${this.anyField(item)}`],
      [2, () => { const found = this.findField(item, 'string'); return comparison`${this.constantOf(found.field, 'string')} in ${phrase}.${found.path}` }],
      [1, () => truth`$exists(${phrase}.(${this.condition(item, depth - 1)}))`],
    )
  }

  /** The first, last or n-th item, in the order of the list or sorted. */
  private pickTest(scope: Scope, depth: number): Phrase {
    const { draw } = this
    const { phrase, item } = this.rows(scope, depth)
    const key = draw.pick<FieldType>(['timestamp', 'number', 'string', 'date'])
    const position = draw.pick(['0', '-1', '1', '-2', '5'])
    const picked = draw.one<Phrase>(
      [3, () => say('rows')`${phrase}[${position}]`],
      [2, () => say('rows')`(${phrase})[${position}]`],
      [4, () => say('rows')`(${phrase}^(${draw.pick(['', '>', '<'])}${this.field(item, key)}))[${position}]`],
      [1, () => say('rows')`(${phrase}^(${draw.pick(['', '>'])}${this.field(item, 'string')}, >${this.field(item, key)}))[${position}]`],
      [1, () => { const found = this.field(item, key); return say('rows')`$sort(${phrase}, function($l, $r) { $l.${found} ${draw.pick(['<', '>'])} $r.${found} })[${position}]` }],
    )
    const type = draw.pick<FieldType>(['string', 'number', 'boolean'])
    const found = this.findField(item, type)
    return draw.chance(80) ? comparison`${picked}.${found.path} ${draw.pick(['=', '!='])} ${this.constantOf(found.field, type)}` : truth`$exists(${picked}.${found.path})`
  }

  /** Lists of texts: of the person, of an item, gathered from items. */
  private listTest(scope: Scope, depth: number): Phrase {
    const { draw } = this
    const list = this.list(scope, depth)
    return draw.one<Phrase>(
      [4, () => comparison`${at(adding, this.text(scope, 0))} in ${list}`],
      [2, () => comparison`$count(${list}) ${draw.pick(['=', '>', '<'])} ${draw.below(3)}`],
      [2, () => truth`$exists(${list}[$ = ${this.text(scope, 0)}])`],
      [1, () => truth`$exists(${list}[$contains($, ${this.constant(scope, 'string')})])`],
      [1, () => truth`${list}`],
      [1, () => comparison`$count($distinct(${list})) = $count(${list})`],
      [1, () => comparison`${list} = [${this.constant(scope, 'string')}]`],
      [1, () => comparison`${list}[${draw.pick(['0', '-1'])}] = ${this.text(scope, 0)}`],
      [1, () => comparison`$join(${list}, ",") = ${this.text(scope, 0)}`],
    )
  }

  private joinTest(scope: Scope, depth: number): Phrase {
    const { draw, model } = this
    const [left, leftKey, right, rightKey] = draw.pick(joins)
    const [leftItem, rightItem] = [itemScope(scope, model, left), itemScope(scope, model, right)]
    const inside = withVariable(rightItem, { name: '$k', kind: 'text' })
    const last = this.condition(inside, depth - 1)
    return draw.one<Phrase>(
      [4, () => truth`$exists(${scope.toRoot}${left}[${this.condition(leftItem, depth - 1)}].($k := ${leftKey}; $$.${right}[${rightKey} = $k and ${at(comparing, last)}]))`],
      [3, () => truth`$exists(${scope.toRoot}${left}[${leftKey} in $$.${right}[${this.condition(rightItem, depth - 1)}].${rightKey}])`],
      [3, () => this.followedBy(scope, depth)],
      [2, () => comparison`$count(${scope.toRoot}accounts[country = $$.person.country and ${at(comparing, this.condition(itemScope(scope, model, 'accounts'), depth - 1))}]) ${draw.pick(['>', '='])} ${draw.below(3)}`],
      [1, () => truth`$exists(${scope.toRoot}${left}@$a.${right}@$b[$b.${rightKey} = $a.${leftKey}])`],
    )
  }

  private followedBy(scope: Scope, depth: number): Phrase {
    const events = itemScope(scope, this.model, 'events')
    const [first, second] = [this.condition(events, depth - 1), this.condition(events, depth - 1)]
    const from = `${scope.toRoot}events`
    if (this.draw.chance(50)) return truth`$exists(${from}[${first}].($t := timestamp; $$.events[${at(comparing, second)} and timestamp > $t]))`
    return truth`$exists(${from}[${first}].($t := $toMillis(timestamp); $$.events[${at(comparing, second)} and $toMillis(timestamp) > $t and $toMillis(timestamp) <= $t + ${this.draw.pick(['1', '7', '30'])} * 86400000]))`
  }

  private choice(scope: Scope, depth: number): Phrase {
    const [condition, no] = [this.condition(scope, depth), this.condition(scope, depth)]
    const yes = this.draw.chance(50) ? this.condition(scope, depth) : undefined
    if (!yes) return say('truth', loose)`${at(adding, this.copied(() => this.condition(scope, depth)))} ${this.draw.pick(['?:', '??'])} ${at(adding, no)}`
    return this.draw.one<Phrase>(
      [3, () => say('truth', loose)`${at(orLevel, condition)} ? ${at(orLevel, yes)} : ${at(orLevel, no)}`],
      [1, () => say('truth', loose)`${at(orLevel, condition)} ? ${at(orLevel, yes)}`],
    )
  }

  private blockTest(scope: Scope, depth: number): Phrase {
    const kind = this.draw.pick(['number', 'text', 'truth'] as const)
    const value = kind === 'number' ? this.number(scope, depth) : kind === 'text' ? this.text(scope, depth) : this.condition(scope, depth)
    const name = `$x${String(scope.variables.length)}`
    const inside = withVariable(scope, { name, kind })
    const use = kind === 'number' ? this.numberTest(inside, depth) : kind === 'text' ? this.textTest(inside, depth) : this.bothOrEither(inside, depth)
    return truth`(${name} := ${value}; ${at(orLevel, use)})`
  }
}

/** In both dialects alike: no class of spaces, no dot on characters outside the first plane. */
const patterns: readonly string[] = ['a', '^A', 'c$', '[0-9]+', 'a|ß', '^[A-Z][a-z]+$', 'pric(e|ing)', 'a.*c', 'b\\.c', '^$', '[^a-z]', 'mark?et', '\\d{2}', '\\bvp\\b', 'ä', '(?:ab)+c']
