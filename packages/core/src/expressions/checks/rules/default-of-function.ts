// JSONata copies the left side of a default as JSON: regular expressions and signatures of functions are lost in it.
import { type SyntaxNode, allNodes } from '../../syntax-tree.js'
import { defineRule } from '../rule.js'

export const defaultOfFunction = defineRule('expression/default-of-function', ['default'], ({ left, operator }, about) => {
  const what = lostIn(left)
  return what === undefined ? [] : [{ node: left, params: { operator, what, instead: `Bind it first: ($found := ${about.say(left)}; $found ${operator} …).` } }]
})

function lostIn(left: SyntaxNode): string | undefined {
  const nodes = [...allNodes(left)]
  if (nodes.some((each) => each.type === 'regex')) return 'its regular expression'
  return nodes.some((each) => each.type === 'lambda' && (each as { readonly signature?: unknown }).signature !== undefined) ? "its function's signature" : undefined
}
