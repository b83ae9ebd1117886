// A plan as a file: saved to be reviewed, applied later exactly as it was. Holds secret references, never values.
import { readFile, writeFile } from 'node:fs/promises'
import { fail } from '../kernel/error.js'
import { type Json, digest, isJsonObject } from '../kernel/json.js'
import { type Plan, planFormat } from './plan.js'

export async function writePlanFile(file: string, plan: Plan): Promise<void> {
  await writeFile(file, `${JSON.stringify({ digest: planDigest(plan), plan }, null, 1)}\n`)
}

export async function loadPlanFile(file: string): Promise<Plan> {
  const content = await readPlanJson(file)
  const plan = isJsonObject(content) ? content['plan'] : undefined
  if (!isJsonObject(content) || !isJsonObject(plan)) throw fail('plan/not-a-plan-file', { file, reason: 'it holds something else' })
  if (plan['formatVersion'] !== planFormat) throw fail('plan/not-a-plan-file', { file, reason: `its format is not ${String(planFormat)}` })
  if (content['digest'] !== digest(plan)) throw fail('plan/not-a-plan-file', { file, reason: 'it was changed after it was made' })
  return plan as unknown as Plan
}

function planDigest(plan: Plan): string {
  return digest(JSON.parse(JSON.stringify(plan)) as Json)
}

async function readPlanJson(file: string): Promise<Json> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Json
  } catch (cause) {
    throw fail('plan/not-a-plan-file', { file, reason: cause instanceof SyntaxError ? 'it is no JSON' : 'it cannot be read' }, { cause })
  }
}
