// Whether evaluating a piece of the typed form can raise an error, as far as its form tells: when in doubt, it can.
import { functions } from '../functions/index.js'
import { type Ir, typeOf } from '../ir.js'
import { partsOf } from '../ir-parts.js'

export function mayFail(ir: Ir): boolean {
  if (ir.kind === 'arithmetic' || ir.kind === 'pick' || ir.kind === 'opaque') return true
  if (ir.kind === 'call') return !isTotalCall(ir)
  if (ir.kind === 'single' && ir.more === 'fails') return true
  if (ir.kind === 'matches' && typeOf(ir.text) !== 'string') return true
  if (ir.kind === 'compare' && ir.op !== '=' && ir.op !== '!=' && !areAlike(ir.left, ir.right)) return true
  return partsOf(ir).some(mayFail)
}

function areAlike(a: Ir, b: Ir): boolean {
  const type = typeOf(a)
  return (type === 'string' || type === 'number') && typeOf(b) === type
}

/** Milliseconds of a stored time are always there; functions that are total are so on arguments of their types. */
function isTotalCall({ name, args }: Extract<Ir, { kind: 'call' }>): boolean {
  const [first, ...others] = args
  if (name === 'toMillis') return others.length === 0 && first?.kind === 'field' && (first.stored === 'timestamp' || first.stored === 'date')
  const shortcut = functions.get(name)?.shortcut
  return shortcut?.isTotal === true && args.every((each, index) => typeOf(each) === shortcut.takes[index] && !mayFail(each))
}
