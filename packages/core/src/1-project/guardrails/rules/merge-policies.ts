// An organization has at most 5 merge policies, whatever its sandboxes.
import type { MergePolicy } from '../../../entities/entity-schema.js'
import type { BreachPlace } from '../../../plugins/guardrail.js'
import type { Project } from '../../project.js'
import type { CoreGuardrail } from '../guardrail.js'

export const mergePolicies: CoreGuardrail = {
  id: 'merge-policies', title: 'Too many merge policies', kind: 'hard', limit: 5, unit: 'merge policies', rows: [58], source: 'merge policies overview',
  why: 'Each policy is another version of what a profile is; Adobe refuses the sixth of an organization.',
  fix: 'Let schemas share an order of sources. The policy of those that name none is timestamp, which counts once.',
  check: ({ project, limit, findAll }) => {
    // Who writes no schema has one policy, and the other sandboxes need not be asked.
    if (!Object.keys(project.places).some((each) => each.startsWith('Schema/'))) return []
    const policies = policiesOf(findAll().filter((each) => each.organization === project.organization))
    const beyond = [...policies.values()][limit]
    if (!beyond) return []
    return [{ detail: `Organization ${project.organization} has ${String(policies.size)} merge policies (${[...policies.keys()].join('; ')}); the limit is ${String(limit)}.`, at: beyond }]
  },
}

/** Each once, with where it is met first; the one that nobody has to write comes before the others. */
function policiesOf(projects: readonly Project[]): ReadonlyMap<string, BreachPlace> {
  const all = projects.flatMap((project) => Object.values(project.entities).map(({ name, mergePolicy }) => ({ policy: describePolicy(mergePolicy), at: { address: `Schema/${name}`, pointer: '/mergePolicy', project } })))
  const found = new Map<string, BreachPlace>()
  for (const { policy, at } of [...all].sort((a, b) => Number(b.policy === unwritten) - Number(a.policy === unwritten))) if (!found.has(policy)) found.set(policy, at)
  return found
}

const unwritten = 'timestamp'

function describePolicy(policy: MergePolicy): string {
  return policy.method === 'timestamp' ? unwritten : policy.sources.join(' before ')
}
