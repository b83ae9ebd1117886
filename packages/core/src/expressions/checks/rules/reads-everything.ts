// `*` and `**` on the whole profile.
import { defineRule } from '../rule.js'

export const readsEverything = defineRule('expression/reads-everything', ['wildcard'], ({ node, from }) => (from.is === 'root' ? [{ node, params: { operator: node.type === 'descendant' ? '**' : '*' } }] : []))
