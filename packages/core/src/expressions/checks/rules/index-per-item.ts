// `accounts.technologies[0]` is the first technology of each account.
import { defineRule } from '../rule.js'

export const indexPerItem = defineRule('expression/index-per-item', ['filter'], ({ node, gives, over, path, step }, about) => {
  if (!over || !path?.steps || gives.is !== 'plain' || gives.type !== 'number' || over.relation === '') return []
  const until = path.steps.slice(0, path.steps.indexOf(step))
  const before = about.say({ type: 'path', steps: until })
  const bare = about.say({ type: 'path', steps: [...until, { ...step, stages: [] }] })
  const index = `[${about.say(node)}]`
  return [{ node, params: { index, list: before, instead: `For one of all of them write (${bare})${index}.` } }]
})
