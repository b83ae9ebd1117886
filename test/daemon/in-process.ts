// A project in a folder of its own, applied and served without child processes.
import assert from 'node:assert/strict'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { planChanges, readApplied } from '../../packages/core/src/2-plan/index.js'
import { applyPlan } from '../../packages/core/src/3-apply/index.js'
import { type Composition, compose } from '../../packages/core/src/compose.js'

/** YAML: events come in by `web`, and the audiences of segments that the test adds go out to a receiver by `hook`. */
export function aLiveProject({ hook, keyVariable }: { readonly hook: string; readonly keyVariable: string }): string {
  return `apiVersion: cdp/v1
kind: Project
name: live
plugins: ["@cdpkit/plugin-destination-http"]
include: []
---
kind: Sandbox
name: dev
vars: { hook: "${hook}" }
network: { allow: [loopback] }
---
kind: Source
name: web
connector: events
config: { writeKey: { fromEnv: ${keyVariable} } }
---
kind: Destination
name: hook
connector: http
config: { url: "\${{ vars.hook }}" }
`
}

export function aProjectFolder(yaml: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'cdp-daemon-'))
  writeFileSync(join(folder, 'cdp.yaml'), yaml)
  return folder
}

export function composeIn(folder: string, env: Readonly<Record<string, string>> = {}): Composition {
  return compose({ env, folder, logFrom: 'error' })
}

/** As `cdp apply --auto-approve` does; gives the serial. */
export async function applyIn(composition: Composition, sandbox: string): Promise<number> {
  const checked = await composition.loadProject({ sandbox })
  assert.ok(checked.ok, JSON.stringify(checked))
  const project = checked.value
  const store = await composition.openSandbox(project.folder, sandbox)
  try {
    const plan = await planChanges({ project, applied: await readApplied(store, project.folder), store, clock: composition.clock })
    return (await applyPlan({ plan, store, clock: composition.clock, folder: project.folder })).serial
  } finally {
    await store.close()
  }
}
