// All rules, in the order of docs/guide/segments.md. A new one: its file here, its texts in kernel/codes/checks.ts, its row there.
import type { Rule } from '../rule.js'
import { alwaysFalse } from './always-false.js'
import { alwaysTrue } from './always-true.js'
import { arithmeticOnText } from './arithmetic-on-text.js'
import { badOffset } from './bad-offset.js'
import { comparesNull } from './compares-null.js'
import { costlyOrder } from './costly-order.js'
import { dateForm } from './date-form.js'
import { defaultOfFunction } from './default-of-function.js'
import { defaultPrecedence } from './default-precedence.js'
import { differentTypes } from './different-types.js'
import { emptyAggregate } from './empty-aggregate.js'
import { floatEquality } from './float-equality.js'
import { impossibleValue } from './impossible-value.js'
import { indexPerItem } from './index-per-item.js'
import { listAsValue } from './list-as-value.js'
import { listEquality } from './list-equality.js'
import { noOrder } from './no-order.js'
import { notADate } from './not-a-date.js'
import { notBoolean } from './not-boolean.js'
import { notEqualOnMissing } from './not-equal-on-missing.js'
import { notOfMissing } from './not-of-missing.js'
import { objectEquality } from './object-equality.js'
import { phantomItems } from './phantom-items.js'
import { predicateIsNumber } from './predicate-is-number.js'
import { random } from './random.js'
import { readsEverything } from './reads-everything.js'
import { severalRows } from './several-rows.js'
import { singleMayFail } from './single-may-fail.js'
import { unboundedEvents } from './unbounded-events.js'
import { unknownField } from './unknown-field.js'
import { wrongArgument } from './wrong-argument.js'

export const rules: readonly Rule[] = [
  unknownField, differentTypes, noOrder, arithmeticOnText, wrongArgument, listEquality, listAsValue, predicateIsNumber, impossibleValue, notADate, badOffset, defaultOfFunction,
  notEqualOnMissing, notOfMissing, comparesNull, emptyAggregate, phantomItems, indexPerItem, severalRows, notBoolean, alwaysTrue, alwaysFalse, defaultPrecedence,
  unboundedEvents, objectEquality, costlyOrder, readsEverything, random, singleMayFail, floatEquality, dateForm,
]
