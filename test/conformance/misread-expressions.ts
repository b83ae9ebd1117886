// Expressions that an evaluator may take for something else: groups looked into as lists, names that look like paths,
// values of one kind or the other, library functions that the expression replaces, arguments left to the context,
// failures beside a time window, objects inside of rows, aggregates of other rows per row.
import type { FieldType } from '../../packages/core/src/entities/entity-schema.js'
import { instants, numbers } from './arbitrary-values.js'
import type { Draw } from './draw.js'
import { type FieldInScope, type Scope, itemScope, joins, withVariable } from './expression-scope.js'
import type { ExpressionWriter, RowsPhrase } from './expression-writer.js'
import type { Model } from './model.js'
import { type Phrase, adding, andLevel, at, comparing, loose, orLevel, say } from './phrase.js'

const truth = say('truth')
const comparison = say('truth', comparing)
const number = say('number')
const text = say('text')
const rows = say('rows')

export class MisreadWriter {
  constructor(private readonly draw: Draw, private readonly model: Model, private readonly writer: ExpressionWriter) {}

  condition(scope: Scope, depth: number): Phrase {
    const { draw } = this
    return draw.one<Phrase>(
      [1, () => this.tested(scope, this.lookup(scope, depth))],
      [1, () => this.quotedName(scope, depth)],
      [1, () => this.behindChoice(scope, depth)],
      [1, () => this.replaced(scope, depth)],
      [1, () => this.leftToContext(scope, depth)],
      [1, () => this.besideWindow(scope, depth)],
      [1, () => this.nestedObject(scope, depth)],
      [1, () => this.perRow(scope, depth)],
    )
  }

  /** A value of whatever kind in a condition. */
  private tested(scope: Scope, value: Phrase): Phrase {
    const { draw, writer } = this
    return draw.one<Phrase>(
      [3, () => truth`${value}`],
      [3, () => truth`$exists(${value})`],
      [2, () => comparison`${at(adding, value)} ${draw.pick(['=', '!=', '<', '>='])} ${draw.pick(numbers)}`],
      [3, () => comparison`${at(adding, value)} ${draw.pick(['=', '!=', '<', '>='])} ${writer.constant(scope, 'string')}`],
      [1, () => comparison`${at(adding, value)} = ${writer.anyField(scope)}`],
      [1, () => comparison`${writer.constant(scope, 'string')} in ${at(adding, value)}`],
      [1, () => comparison`$count(${value}) ${draw.pick(['=', '>', '<'])} ${draw.below(3)}`],
      [1, () => truth`$not(${value})`],
    )
  }

  private aggregated(value: Phrase): Phrase {
    const { draw } = this
    return comparison`$${draw.pick(['sum', 'max', 'min', 'average', 'count'])}(${value}) ${draw.pick(['=', '>', '<='])} ${draw.pick(numbers)}`
  }

  private lookup(scope: Scope, depth: number): Phrase {
    const { draw, writer } = this
    const { phrase, item } = writer.rows(scope, depth)
    const person = `${scope.toRoot}person`
    return draw.one<Phrase>(
      [5, () => { const key = writer.findField(item, 'string'); return text`$lookup(${phrase}{${key.path}: ${this.groupValue(item)}}, ${writer.constantOf(key.field, 'string')})` }],
      [2, () => text`$lookup(${phrase}, "${draw.pick(item.fields).field}")`],
      [2, () => text`$lookup(${person}, "${draw.pick(['title', 'country', 'leadScore', 'scores', 'scores.fit', 'consents.marketing', 'tags', 'nobody', 'constructor', ''])}")`],
      [1, () => text`$lookup(${person}.scores, "${draw.pick(['fit', 'engagement', 'scores.fit'])}")`],
      [1, () => text`$lookup(${person}.consents.marketing, "${draw.pick(['email', 'phone', 'updated'])}")`],
      [1, () => text`$lookup($$, "${draw.pick(['person', 'events', 'accounts', 'person.title'])}")`],
      [1, () => text`${phrase}.$lookup($, "${draw.pick(item.fields).field}")`],
      [1, () => text`$lookup({"a.b": ${writer.number(scope, 0)}, "a": {"b": 1}}, "${draw.pick(['a.b', 'a', 'b'])}")`],
    )
  }

  private groupValue(item: Scope): Phrase {
    const { draw, writer } = this
    return draw.one<Phrase>([3, () => number`$count($)`], [2, () => number`$sum(${writer.field(item, 'number')})`], [1, () => writer.anyField(item)], [1, () => rows`$`], [1, () => text`$join(${writer.field(item, 'string')})`])
  }

  /** Names with a dot in back-ticks are names, not paths; other names are the same with and without. */
  private quotedName(scope: Scope, depth: number): Phrase {
    const { draw, writer } = this
    const { phrase, item } = writer.rows(scope, depth)
    const [own, ofItem] = [this.quoted(scope.fields), this.quoted(item.fields)]
    return draw.one<Phrase>(
      [3, () => this.tested(scope, own)],
      [3, () => this.tested(item, rows`${phrase}.${ofItem}`)],
      [2, () => truth`$exists(${scope.toRoot}person.${draw.pick(['`scores.fit`', 'consents.`marketing.email`', '`consents.marketing`.email', '`title`'])})`],
      [2, () => truth`$exists(${phrase}[${this.tested(item, ofItem)}])`],
      [2, () => this.aggregated(rows`${phrase}.${ofItem}`)],
      [1, () => this.tested(item, rows`(${phrase}^(${ofItem}))[0].${writer.anyField(item)}`)],
      [1, () => truth`$exists(${phrase}[${ofItem}].${ofItem})`],
    )
  }

  private quoted(fields: readonly FieldInScope[]): Phrase {
    const { draw } = this
    const dotted = fields.filter((each) => each.field.includes('.'))
    const { path } = draw.pick(dotted.length > 0 && draw.chance(80) ? dotted : fields)
    const lead = /^(?:\$\$\.person\.|\$[a-z]\w*\.|person\.)?/.exec(path)?.[0] ?? ''
    const names = path.slice(lead.length).split('.')
    const from = draw.below(Math.max(names.length - 1, 1))
    return text`${lead + names.slice(0, from).map((each) => `${each}.`).join('')}\`${names.slice(from).join('.')}\``
  }

  private behindChoice(scope: Scope, depth: number): Phrase {
    const { draw, writer } = this
    const item = itemScope(scope, this.model, 'accounts')
    const chosen = this.choice(scope, depth)
    const field = draw.pick(['name', 'country', 'employees', 'title', 'leadScore', 'accountKey', 'technologies', 'relation.role'])
    return draw.one<Phrase>(
      [3, () => this.tested(scope, rows`${chosen}.${field}`)],
      [2, () => this.tested(scope, rows`${chosen}[${writer.condition(item, depth - 1)}]`)],
      [1, () => this.tested(scope, rows`${chosen}[${writer.condition(item, depth - 1)}].${field}`)],
      [1, () => this.tested(scope, rows`${chosen}[${draw.pick(['0', '-1', '1'])}]${draw.pick(['', '.country'])}`)],
      [2, () => this.aggregated(chosen)],
      [2, () => this.aggregated(rows`${chosen}.${field}`)],
      [2, () => this.tested(scope, chosen)],
      [1, () => comparison`${draw.pick(['$lowercase', '$string', '$length', '$number', '$type', '$boolean'])}(${chosen}) = ${writer.constant(scope, 'string')}`],
      [1, () => truth`$exists(${scope.toRoot}accounts[${writer.anyField(item)} = ${chosen}])`],
    )
  }

  private choice(scope: Scope, depth: number): Phrase {
    const { draw, writer } = this
    const [left, right] = [writer.copied(() => this.branch(scope, depth)), this.branch(scope, depth)]
    return draw.one<Phrase>(
      [4, () => rows`(${at(orLevel, writer.condition(scope, 0))} ? ${at(orLevel, left)} : ${at(orLevel, right)})`],
      [1, () => rows`(${at(orLevel, writer.condition(scope, 0))} ? ${at(orLevel, left)})`],
      [4, () => rows`(${at(adding, left)} ${draw.pick(['??', '?:'])} ${at(adding, right)})`],
    )
  }

  private branch(scope: Scope, depth: number): Phrase {
    const { draw, writer } = this
    return draw.one<Phrase>(
      [3, () => rows`${scope.toRoot}accounts`],
      [1, () => rows`${scope.toRoot}accounts[${writer.condition(itemScope(scope, this.model, 'accounts'), depth - 1)}]`],
      [2, () => rows`${scope.toRoot}accounts.${draw.pick(['name', 'employees', 'relation', 'technologies'])}`],
      [1, () => rows`${scope.toRoot}opportunities`],
      [2, () => rows`${scope.toRoot}person`],
      [2, () => writer.text(scope, 0)],
      [2, () => writer.number(scope, 0)],
      [1, () => writer.anyField(scope)],
      [1, () => text`${draw.pick(['[]', 'null', '{}', 'nobody', '[1, "a"]', 'true'])}`],
    )
  }

  /** A name of the library or of the sandbox that means something else in a block. */
  private replaced(scope: Scope, depth: number): Phrase {
    const { draw, writer } = this
    const name = draw.pick(['max', 'sum', 'count', 'exists', 'contains', 'lowercase', 'now', 'millis', 'toMillis', 'daysAgo', 'not', 'boolean', 'substring', 'distinct'])
    const { phrase, item } = writer.rows(scope, depth)
    const made = draw.one<Phrase>([4, () => text`function($a) { ${draw.pick(['1', '$a', '"a"', 'true', '[$a, 1]', '0', 'null'])} }`], [1, () => text`function() { ${draw.pick(['1', '"2025-01-01"', 'false'])} }`], [1, () => writer.constant(scope, 'string')], [1, () => text`$${draw.pick(['count', 'string', 'uppercase', 'type'])}`])
    const use = draw.one<Phrase>(
      [4, () => writer.condition(scope, depth)],
      [2, () => comparison`$${name}(${writer.anyField(scope)}) = ${writer.constant(scope, 'string')}`],
      [3, () => comparison`$${name}(${phrase}.${writer.anyField(item)}) = ${draw.pick(['1', '"a"', 'true', '0'])}`],
      [1, () => comparison`$${name} = ${writer.constant(scope, 'string')}`],
      [2, () => truth`$exists(${phrase}[$${name}(${writer.anyField(item)})])`],
      [2, () => truth`$exists(${phrase}[${writer.field(item, 'timestamp')} > $${draw.pick(['now', 'daysAgo', 'millis'])}(${draw.pick(['', '1', '30'])})])`],
    )
    return draw.one<Phrase>(
      [6, () => truth`($${name} := ${made}; ${at(orLevel, use)})`],
      [1, () => truth`(($${name} := ${made}; 1); ${at(orLevel, use)})`],
      [1, () => truth`$exists(${phrase}[($${name} := ${made}; ${at(orLevel, writer.condition(item, depth - 1))})])`],
      [1, () => truth`(function($${name}) { ${use} })(${draw.pick(['1', '"a"', 'function($a) { 1 }'])})`],
      [1, () => truth`$exists($filter(${phrase}, function($${name}) { $${name}.${writer.anyField(item)} = ${writer.constant(item, 'string')} }))`],
      [2, () => truth`($vars := ${draw.pick(['person', '{"country": "DE"}', '1', 'accounts', 'person.country'])}; ${at(orLevel, this.tested(scope, text`$vars${draw.pick(['', '.country', '.title', '.a'])}`))})`],
    )
  }

  private leftToContext(scope: Scope, depth: number): Phrase {
    const { draw, writer } = this
    const { phrase, item } = writer.rows(scope, depth)
    const type = draw.pick<FieldType>(['string', 'string', 'string', 'number', 'timestamp', 'strings'])
    const [own, ofRows] = [text`${writer.field(scope, type)}`, rows`${phrase}.${writer.field(item, type)}`]
    const value = draw.chance(50) ? own : ofRows
    return draw.one<Phrase>(
      [4, () => this.tested(scope, rows`${value}[${this.contextTest(scope)}]`)],
      [4, () => this.tested(scope, rows`${value}.${this.contextCall()}`)],
      [2, () => this.aggregated(rows`${value}.${this.contextCall()}`)],
      [1, () => truth`$exists(${phrase}[${writer.field(item, 'string')}[${this.contextTest(item)}]])`],
      [1, () => truth`$exists(${phrase}[${writer.field(item, 'string')}.${this.contextCall()} = ${writer.constant(item, 'string')}])`],
      [1, () => truth`$exists(${phrase}[${this.contextTest(item)}])`],
      [1, () => this.tested(scope, text`${scope.toRoot}person.${draw.pick(['$lookup("title")', '$lookup("scores.fit")', '$keys()', '$string()', '$exists()', '$boolean()'])}`)],
    )
  }

  private contextTest(scope: Scope): Phrase {
    const { draw } = this
    return draw.one<Phrase>(
      [4, () => truth`$contains(${draw.pick(['"a"', '"VP"', '"A"', '"/pricing"'])})`],
      [3, () => this.tested(scope, this.contextCall())],
      [1, () => comparison`$length() > ${draw.below(12)}`],
    )
  }

  private contextCall(): Phrase {
    return text`$${this.draw.pick([
      'substring(0, 2)', 'substring(1)', 'substringBefore("?")', 'substringAfter("/")', 'lowercase()', 'uppercase()', 'trim()', 'length()', 'string()', 'number()', 'contains("a")', 'boolean()', 'not()',
      'fromMillis("[Y]")', 'fromMillis()', 'toMillis()', 'floor()', 'abs()', 'round(1)', 'power(2)', 'split(" ")[0]', 'replace("a", "b")', 'pad(5)', 'type()', 'sum()', 'count()', 'exists()', 'join(",")',
    ])}`
  }

  private besideWindow(scope: Scope, depth: number): Phrase {
    const { draw, writer } = this
    const item = itemScope(scope, this.model, 'events')
    const [may, window] = [at(comparing, this.mayFail(item)), at(comparing, this.window())]
    const events = `${scope.toRoot}events`
    const found = draw.one<Phrase>(
      [4, () => rows`${events}[${may} and ${window}]`],
      [2, () => rows`${events}[${window} and ${may}]`],
      [2, () => rows`${events}[${may}][${window}]`],
      [1, () => rows`${events}[${window}][${may}]`],
      [1, () => rows`${events}[${may} or ${window}]`],
      [1, () => rows`${events}[$not(${may}) and ${window}]`],
      [2, () => rows`${events}[${at(comparing, writer.condition(item, depth - 1))} and ${may} and ${window}]`],
      [1, () => rows`${events}[(${may} ? true : eventType = "web.pageView") and ${window}]`],
      [1, () => rows`${events}[(${may} and eventType = "web.pageView") and ${window}]`],
      [1, () => rows`${events}[${may} and ${window} and ${at(comparing, this.window())}]`],
    )
    return this.usedRows(scope, { phrase: found, relation: 'events', item })
  }

  private mayFail(item: Scope): Phrase {
    const { draw, writer } = this
    return draw.one<Phrase>(
      [3, () => comparison`form.fields.budget ${draw.pick(['>=', '<'])} ${draw.pick(['20000', '"5"', '0'])}`],
      [2, () => comparison`$number(${draw.pick(['form.fields.budget', 'web.url', 'device', 'channel'])}) > ${draw.pick(numbers)}`],
      [1, () => comparison`$sqrt(scoreChange) > ${draw.below(3)}`],
      [1, () => comparison`1 / scoreChange > 0`],
      [1, () => comparison`$power(scoreChange, ${draw.pick(['-1', '0.5', '400'])}) > 1`],
      [1, () => comparison`$toMillis(${writer.field(item, 'string')}) > 0`],
      [1, () => truth`$contains(${writer.field(item, 'number')}, "a")`],
      [1, () => comparison`${writer.field(item, 'string')} > ${draw.pick(numbers)}`],
      [1, () => comparison`$$.person.leadScore < ${writer.field(item, 'string')}`],
    )
  }

  private window(): Phrase {
    const { draw } = this
    const days = draw.pick(['1', '7', '30', '90'])
    return draw.one<Phrase>(
      [2, () => comparison`timestamp ${draw.pick(['>', '>=', '<'])} $daysAgo(${days})`],
      [3, () => comparison`$toMillis(timestamp) ${draw.pick(['>', '>=', '<'])} $millis() - ${days} * 86400000`],
      [1, () => comparison`timestamp ${draw.pick(['>', '<='])} ${JSON.stringify(draw.pick(instants))}`],
      [1, () => comparison`timestamp > $now()`],
      [1, () => comparison`$fromMillis($millis() - ${days} * 86400000) < timestamp`],
    )
  }

  private usedRows(scope: Scope, { phrase, item }: RowsPhrase): Phrase {
    const { draw, writer } = this
    return draw.one<Phrase>(
      [4, () => truth`$exists(${phrase})`],
      [2, () => comparison`$count(${phrase}) ${draw.pick(['=', '>', '<'])} ${draw.below(4)}`],
      [3, () => this.aggregated(rows`${phrase}.${writer.field(item, 'number')}`)],
      [2, () => this.tested(item, rows`${phrase}.${writer.anyField(item)}`)],
      [1, () => truth`$not($exists(${phrase}))`],
      [1, () => truth`${phrase}`],
      [1, () => this.tested(scope, rows`${phrase}[${draw.pick(['0', '-1'])}].${writer.anyField(item)}`)],
      [1, () => comparison`$count($distinct(${phrase}.${writer.anyField(item)})) > ${draw.below(3)}`],
    )
  }

  /** Predicates on an object inside of each row, or of the person. */
  private nestedObject(scope: Scope, depth: number): Phrase {
    const { draw, writer } = this
    const [relation, object] = draw.pick([['events', 'web'], ['events', 'email'], ['events', 'form'], ['events', 'form.fields'], ['accounts', 'relation'], ['person', 'scores'], ['person', 'consents.marketing'], ['person', 'consents']] as const)
    const outer = relation === 'person' ? { ...scope, toRoot: '$$.', fields: scope.outer.map((each) => ({ ...each, path: each.field })) } : itemScope(scope, this.model, relation)
    const item = below(outer, object)
    const inside = (): Phrase => draw.one<Phrase>([3, () => writer.condition(item, depth - 1)], [1, () => truth`$exists(${writer.anyField(item)})`], [1, () => comparison`${writer.field(item, 'number')} > ${draw.pick(numbers)}`])
    const from = `${scope.toRoot}${relation}`
    const found = draw.one<Phrase>(
      [6, () => rows`${from}.${object}[${inside()}]`],
      [2, () => rows`${from}[${writer.condition(outer, depth - 1)}].${object}[${inside()}]`],
      [1, () => rows`${from}.${object}[${inside()}][${inside()}]`],
      [1, () => rows`(${from}.${object})[${inside()}]`],
      [1, () => rows`${from}.${object}[${inside()}][0]`],
      [1, () => rows`${from}[${object}[${inside()}]].${object}`],
      [1, () => rows`${from}.${object}`],
    )
    return this.usedRows(scope, { phrase: found, relation: 'events', item })
  }

  /** For each row an aggregate of others that go with it. */
  private perRow(scope: Scope, depth: number): Phrase {
    const { draw, model, writer } = this
    const [left, leftKey, right, rightKey] = draw.pick(joins)
    const [leftItem, rightItem] = [itemScope(scope, model, left), withVariable(itemScope(scope, model, right), { name: '$k', kind: 'text' })]
    const from = draw.chance(50) ? rows`${scope.toRoot}${left}` : rows`${scope.toRoot}${left}[${writer.condition(leftItem, depth - 1)}]`
    const others = draw.chance(50) ? rows`$$.${right}[${rightKey} = $k]` : rows`$$.${right}[${rightKey} = $k and ${at(comparing, writer.condition(rightItem, depth - 1))}]`
    const aggregate = draw.one<Phrase>(
      [4, () => number`$count(${others})`],
      [4, () => number`$${draw.pick(['sum', 'max', 'min', 'average'])}(${others}.${writer.field(rightItem, 'number')})`],
      [1, () => number`$count($distinct(${others}.${writer.anyField(rightItem)}))`],
      [1, () => truth`$exists(${others})`],
    )
    const perRow = rows`${from}.($k := ${leftKey}; ${this.maybeCompared(leftItem, aggregate)})`
    return draw.one<Phrase>(
      [5, () => this.aggregated(perRow)],
      [3, () => this.tested(scope, perRow)],
      [2, () => comparison`${draw.below(3)} in ${perRow}`],
      [1, () => comparison`$max(${perRow}) ${draw.pick(['>', '='])} $count(${from})`],
      [2, () => truth`$exists(${from}[($k := ${leftKey}; ${at(loose, comparison`${aggregate} ${draw.pick(['>', '='])} ${draw.below(3)}`)})])`],
    )
  }

  private maybeCompared(item: Scope, aggregate: Phrase): Phrase {
    const { draw, writer } = this
    return draw.one<Phrase>(
      [5, () => aggregate],
      [1, () => comparison`${aggregate} ${draw.pick(['>', '=', '<='])} ${draw.pick(numbers)}`],
      [1, () => say('number', adding)`${at(adding, aggregate)} + ${writer.field(item, 'number')}`],
      [1, () => say('truth', andLevel)`${comparison`${aggregate} > ${draw.below(2)}`} and ${at(comparing, writer.condition(item, 0))}`],
    )
  }
}

/** Inside an object of the item: its fields by their own names. */
function below(item: Scope, object: string): Scope {
  const prefix = `${object}.`
  return { ...item, fields: item.fields.filter((each) => each.path.startsWith(prefix)).map((each) => ({ ...each, path: each.path.slice(prefix.length) })) }
}
