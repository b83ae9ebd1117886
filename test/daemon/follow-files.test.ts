import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findFilesVersion } from '../../packages/core/src/daemon/follow/files-version.js'
import type { ServingStatus } from '../../packages/core/src/daemon/serving-status.js'
import { aProjectFolder, composeIn } from './in-process.js'

const project = `apiVersion: cdp/v1
kind: Project
name: live
include: ['sources/*.yaml']
---
kind: Sandbox
name: dev
protect: true
`
const source = (field: string): string => `kind: Source
name: crm
connector: files
streams: [{ name: people, entity: person, key: id, config: { path: people.csv }, map: { ${field}: mail } }]
`

describe('a daemon that follows the files', () => {
  it('applies what it may, refuses what has mistakes or is protected, and goes on', async () => {
    const folder = aProjectFolder(project)
    const write = (text: string): void => { writeFileSync(join(folder, 'sources', 'crm.yaml'), text) }
    mkdirSync(join(folder, 'sources'))
    writeFileSync(join(folder, 'people.csv'), 'id,mail\n1,a@x.example\n')
    const composition = composeIn(folder)
    const service = await composition.serve({ folder, sandboxes: ['dev'], collect: '127.0.0.1:0', follow: { lookEveryMs: 10 } })
    const ask = async (): Promise<ServingStatus | undefined> => {
      const store = await composition.openSandbox(folder, 'dev')
      const serving = await composition.findServing(store)
      await store.close()
      return serving
    }
    const until = async (told: (code: string | undefined, serial: number) => boolean): Promise<readonly unknown[]> => {
      for (;;) {
        const files = (await ask())?.files
        const serial = service.sandboxes()[0]?.applied.serial ?? 0
        if (files && told(files.refused?.code, serial)) return [serial, files.refused?.code, files.refused?.plan, files.refused?.reason]
        await new Promise((resolve) => { setTimeout(resolve, 10) })
      }
    }
    try {
      assert.deepEqual(await until((code, serial) => serial === 1 && code === undefined), [1, undefined, undefined, undefined])
      write(source('email'))
      assert.deepEqual((await until((_code, serial) => serial === 2)).slice(0, 2), [2, undefined])
      write(source('emial'))
      const [serial, code, plan, reason] = await until((each) => each !== undefined)
      assert.deepEqual([serial, code, plan], [2, 'project/unknown-field', undefined])
      assert.match(String(reason), /^sources\/crm.yaml:4:\d+: .*emial/)
      write('# nothing any more\n')
      assert.deepEqual((await until((each) => each === 'apply/protected')).slice(0, 3), [2, 'apply/protected', '0 to add, 0 to change, 0 to rename, 1 to remove · 1 blocked'])
      write(source('email'))
      assert.deepEqual((await until((each) => each === undefined)).slice(0, 2), [2, undefined])
    } finally {
      await service.stop()
    }
  }).timeout(20_000)

  it('sees another commit of a git work tree, and no file that is not committed', async () => {
    const folder = aProjectFolder(project)
    const git = join(folder, '.git')
    mkdirSync(join(git, 'refs', 'heads'), { recursive: true })
    writeFileSync(join(git, 'HEAD'), 'ref: refs/heads/main\n')
    assert.equal(await findFilesVersion(folder), 'commit:none yet')
    writeFileSync(join(git, 'packed-refs'), '# pack-refs with: peeled fully-peeled sorted\naaa refs/heads/main-old\nbbb refs/heads/main\n')
    assert.equal(await findFilesVersion(folder), 'commit:bbb')
    writeFileSync(join(git, 'refs', 'heads', 'main'), 'ccc\n')
    writeFileSync(join(folder, 'new.yaml'), '')
    assert.equal(await findFilesVersion(folder), 'commit:ccc')
    // A work tree beside its repository.
    const tree = aProjectFolder(project)
    mkdirSync(join(git, 'worktrees', 'tree'), { recursive: true })
    writeFileSync(join(git, 'worktrees', 'tree', 'HEAD'), 'ref: refs/heads/main\n')
    writeFileSync(join(git, 'worktrees', 'tree', 'commondir'), '../..\n')
    writeFileSync(join(tree, '.git'), `gitdir: ${join(git, 'worktrees', 'tree')}\n`)
    assert.equal(await findFilesVersion(tree), 'commit:ccc')
    writeFileSync(join(git, 'HEAD'), 'ddd\n')
    assert.equal(await findFilesVersion(folder), 'commit:ddd')
  })

  it('sees YAML files of a folder come, change and go', async () => {
    const folder = aProjectFolder(project)
    const before = await findFilesVersion(folder)
    writeFileSync(join(folder, 'data.csv'), 'x')
    assert.equal(await findFilesVersion(folder), before)
    writeFileSync(join(folder, 'more.yaml'), 'x')
    assert.notEqual(await findFilesVersion(folder), before)
  })
})
