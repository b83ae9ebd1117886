// `accounts[employees]` is the account at the position `employees`, not those with employees.
import { defineRule } from '../rule.js'
import { readsItem } from '../tree.js'

export const predicateIsNumber = defineRule('expression/predicate-is-number', ['filter'], ({ node, gives }, about) =>
  gives.is === 'plain' && gives.type === 'number' && readsItem(node) ? [{ node, params: { predicate: about.say(node), instead: `Did you mean [${about.say(node)} > 0]?` } }] : [],
)
