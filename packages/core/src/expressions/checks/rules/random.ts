// $random and $shuffle give something else each time.
import { defineRule } from '../rule.js'

export const random = defineRule('expression/random', ['call'], ({ node, name }) => (name === 'random' || name === 'shuffle' ? [{ node, params: { function: name } }] : []))
