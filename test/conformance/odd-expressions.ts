// Expressions that nobody should write as a segment, or that few do: ill-typed ones, lists compared as if they were one
// value, functions handed over, tuples, groupings, wildcards. They fail or surprise; each evaluator in the same way.
import { dates, numbers } from './arbitrary-values.js'
import type { Draw } from './draw.js'
import type { ExpressionWriter } from './expression-writer.js'
import { type Scope, itemScope } from './expression-scope.js'
import { type Model, relationNames } from './model.js'
import { type Phrase, adding, at, comparing, say } from './phrase.js'

const truth = say('truth')
const comparison = say('truth', comparing)

export class OddWriter {
  constructor(private readonly draw: Draw, private readonly model: Model, private readonly writer: ExpressionWriter) {}

  condition(scope: Scope, depth: number): Phrase {
    return this.draw.one<Phrase>([5, () => this.illTyped(scope, depth)], [5, () => this.listAsValue(scope, depth)], [4, () => this.handedOver(scope, depth)], [3, () => this.tuples(scope, depth)], [3, () => this.wholeObjects(scope, depth)])
  }

  private illTyped(scope: Scope, depth: number): Phrase {
    const { draw, writer } = this
    const operator = draw.pick(['<', '<=', '>', '>=', '=', '!='])
    return draw.one<Phrase>(
      [3, () => comparison`${writer.field(scope, 'number')} ${operator} ${writer.constant(scope, 'string')}`],
      [2, () => comparison`${writer.field(scope, 'string')} ${operator} ${draw.pick(numbers)}`],
      [2, () => comparison`${writer.field(scope, 'boolean')} ${operator} ${draw.pick(['true', '1', '"true"'])}`],
      [2, () => comparison`${writer.anyField(scope)} ${operator} null`],
      [1, () => comparison`${writer.anyField(scope)} ${operator} ${writer.anyField(scope)}`],
      [1, () => comparison`${writer.anyField(scope)} in ${writer.anyField(scope)}`],
      [2, () => comparison`${at(adding, writer.text(scope, depth))} + 1 > ${draw.pick(numbers)}`],
      [1, () => comparison`-${writer.anyField(scope)} < 0`],
      [1, () => truth`$contains(${writer.anyField(scope)}, "a")`],
      [1, () => truth`$contains(${writer.field(scope, 'string')}, ${writer.field(scope, 'number')})`],
      [1, () => comparison`$sum(${writer.anyField(scope)}) > 0`],
      [1, () => comparison`$${draw.pick(['max', 'min', 'average', 'count', 'floor', 'length', 'lowercase', 'toMillis', 'number', 'string'])}(${writer.anyField(scope)}) = 1`],
      [1, () => say('number')`$${draw.pick(['sum', 'max', 'min', 'average', 'count', 'distinct'])}(${draw.pick(['[]', 'null', '[1, 2, 2]', '"1"', '[0.1, 0.2, 0.3, 0.7]'])})`],
      [1, () => comparison`1 / ${writer.field(scope, 'number')} ${draw.pick(['', '+ 1 ', '* 0 '])}> 0`],
      [1, () => truth`${writer.field(scope, 'number')} / ${draw.pick(['0', '(1 - 1)'])}`],
      [1, () => comparison`$toMillis(${JSON.stringify(draw.pick([...dates, '2024-13-01', '2024-02-31', 'today']))}) < $millis()`],
      [1, () => truth`nobody.has.this`],
      [1, () => comparison`${writer.anyField(scope)} = nobody.has.this`],
      [1, () => truth`${draw.pick(['1', '"x"', '0', '[]', '{}', '[0]', 'null', '1/0', '[false, true]'])}`],
      [1, () => comparison`$substring(${writer.text(scope, 0)}, ${writer.field(scope, 'number')}) = "a"`],
    )
  }

  private listAsValue(scope: Scope, depth: number): Phrase {
    const { draw, writer } = this
    const { phrase, item } = writer.rows(scope, depth)
    const operator = draw.pick(['=', '=', '!=', '<', '>', '>='])
    return draw.one<Phrase>(
      [4, () => { const found = writer.findField(item, 'string'); return comparison`${phrase}.${found.path} ${operator} ${writer.constantOf(found.field, 'string')}` }],
      [4, () => comparison`${phrase}.${writer.field(item, 'number')} ${operator} ${draw.pick(numbers)}`],
      [2, () => comparison`${phrase}.${writer.field(item, 'strings')} ${operator} ${writer.constant(scope, 'string')}`],
      [2, () => comparison`${writer.field(scope, 'strings')} ${operator} ${writer.constant(scope, 'string')}`],
      [1, () => truth`${phrase}[${writer.field(item, 'number')}]`],
      [1, () => truth`${phrase}[${writer.count(item, 0)}]`],
      [1, () => comparison`${phrase} ${operator} ${draw.pick(['1', '"a"', '[]', 'null', 'true'])}`],
      [1, () => comparison`${phrase}.${writer.anyField(item)}[${draw.pick(['0', '-1'])}] = ${draw.pick(['1', '"A"'])}`],
      [1, () => comparison`(${phrase}.${writer.anyField(item)})[${draw.pick(['0', '-1'])}] = ${draw.pick(['1', '"A"'])}`],
      [2, () => say('rows')`${phrase}[${draw.pick(['[0, 1]', '[1, -1]', '[0..1]', '[]', '1.7', '-0.5'])}].${writer.anyField(item)}`],
      [1, () => truth`$not(${phrase}.${writer.anyField(item)})`],
      [1, () => truth`$exists(${phrase}.${writer.field(item, 'strings')}[$not($ = "A")])`],
      [1, () => comparison`${phrase}.${writer.field(item, 'number')} + 1 ${operator} ${draw.pick(numbers)}`],
      [1, () => truth`$contains(${phrase}.${writer.field(item, 'string')}, "a")`],
      [1, () => comparison`$lowercase(${phrase}.${writer.field(item, 'string')}) = "a"`],
      [1, () => comparison`${phrase}.${writer.field(item, 'string')} & "" = ${writer.constant(scope, 'string')}`],
      [1, () => comparison`[${phrase}.${writer.anyField(item)}] = []`],
    )
  }

  /** Functions as values. */
  private handedOver(scope: Scope, depth: number): Phrase {
    const { draw, writer } = this
    const relation = draw.pick(relationNames)
    const rows = `${scope.toRoot}${relation}`
    const inside = itemScope(scope, this.model, relation, '$v.')
    const item = itemScope(scope, this.model, relation)
    return draw.one<Phrase>(
      [4, () => truth`$exists($filter(${rows}, function($v) { ${writer.condition(inside, depth - 1)} }))`],
      [2, () => comparison`$count($map(${rows}, function($v) { ${writer.number(inside, 0)} })) > ${draw.below(3)}`],
      [2, () => comparison`$sum($map(${rows}, function($v, $i) { $i })) > ${draw.below(4)}`],
      [1, () => comparison`$reduce(${rows}.${writer.field(item, 'number')}, function($a, $b) { $a + $b }) > ${draw.pick(numbers)}`],
      [1, () => comparison`$reduce(${rows}, function($a, $v) { $a + $v.${writer.field(item, 'number')} }, 0) > ${draw.pick(numbers)}`],
      [1, () => truth`$single(${rows}, function($v) { ${writer.condition(inside, 0)} }).${writer.anyField(item)}`],
      [1, () => comparison`$count($keys(${rows})) > ${draw.below(9)}`],
      [1, () => comparison`$lookup(${rows}, "${draw.pick(['name', 'role', 'status', 'country'])}") = ${writer.constant(scope, 'string')}`],
      [1, () => comparison`(${rows} ~> $count) = ${draw.below(3)}`],
      [1, () => comparison`$count($reverse(${rows})[0]) = 1`],
      [1, () => comparison`$count($append(${rows}, 1)) = ${draw.below(4)}`],
      [1, () => truth`(function($v) { ${writer.condition(scope, 0)} })(1)`],
    )
  }

  private tuples(scope: Scope, depth: number): Phrase {
    const { draw, writer } = this
    const accounts = itemScope(scope, this.model, 'accounts')
    const [left, right] = [itemScope(scope, this.model, 'accounts', '$a.'), itemScope(scope, this.model, 'opportunities', '$o.')]
    const events = itemScope(scope, this.model, 'events')
    return draw.one<Phrase>(
      [4, () => truth`$exists(${scope.toRoot}accounts@$a.opportunities@$o[$o.accountKey = $a.accountKey and ${at(comparing, writer.condition(left, 0))} and ${at(comparing, writer.condition(right, depth - 1))}])`],
      [2, () => comparison`${writer.constant(scope, 'string')} in ${scope.toRoot}events#$i[$i < ${draw.below(3)}].${writer.field(events, 'string')}`],
      [1, () => truth`$exists(${scope.toRoot}events#$i.(${writer.condition(events, 0)} and $i > 0))`],
      [2, () => truth`$exists(${scope.toRoot}accounts.technologies[$ = ${writer.constant(accounts, 'strings')}].%[${writer.condition(accounts, 0)}])`],
    )
  }

  private wholeObjects(scope: Scope, depth: number): Phrase {
    const { draw, writer } = this
    const { phrase, item } = writer.rows(scope, depth)
    return draw.one<Phrase>(
      [2, () => comparison`$count(${phrase}.*) > ${draw.below(20)}`],
      [1, () => comparison`${writer.text(scope, 0)} in $$.person.*`],
      [1, () => comparison`${writer.constant(item, 'string')} in $$.**`],
      [1, () => comparison`$count($$.**) > ${draw.below(60)}`],
      [2, () => comparison`$count($keys(${phrase}{${writer.field(item, 'string')}: $count($)})) ${draw.pick(['=', '>'])} ${draw.below(3)}`],
      [2, () => comparison`$max($each(${phrase}{${writer.field(item, 'string')}: $sum(${writer.field(item, 'number')})}, function($v) { $v })) > ${draw.pick(numbers)}`],
      [1, () => truth`$exists($$.person.identities[namespace = "CRM" and primary])`],
      [1, () => comparison`$$.person.identities[-1].namespace = "${draw.pick(['CRM', 'ECID'])}"`],
      [1, () => truth`$exists($$.person.${draw.pick(['scores', 'custom', 'consents', 'consents.marketing', 'unknown'])})`],
      [1, () => truth`$exists($sift($$.person, function($v, $k) { $k = "title" }))`],
      [1, () => comparison`$$.accounts.relation.role = ${writer.constant(scope, 'string')}`],
      [1, () => truth`${phrase}[].${writer.anyField(item)}`],
    )
  }
}
