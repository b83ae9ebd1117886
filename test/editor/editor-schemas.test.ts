// The schemas that cdp schema export writes, as JSON Schema and in a real editor's language server.
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { compose } from '../../packages/core/src/compose.js'
import { type JsonObject, isJsonArray, isJsonObject } from '../../packages/core/src/kernel/json.js'
import { temporaryFolder } from '../journeys/cli.js'
import { type Editor, openEditor } from './editor.js'

const examples = ['examples/crm-pipeline', 'packages/core/templates/minimal', 'packages/core/templates/b2b-crm', 'packages/core/templates/b2b-marketo']
const everything = '["@cdpkit/plugin-crm", "@cdpkit/plugin-marketo", "@cdpkit/plugin-destination-http"]'
const line = '# yaml-language-server: $schema=../.schema/cdp.schema.json\n'

async function schemasOf(folder: string): Promise<Readonly<Record<string, JsonObject>>> {
  return (await compose({ env: {}, folder, logFrom: 'error' }).loadEditorSchemas({})).schemas
}

function exportTo(folder: string, schemas: Readonly<Record<string, JsonObject>>): void {
  mkdirSync(join(folder, '.schema'), { recursive: true })
  for (const [file, schema] of Object.entries(schemas)) writeFileSync(join(folder, '.schema', file), JSON.stringify(schema))
}

/** Every property anywhere in a schema that does not say what it is for. */
function undescribed(schema: JsonObject, path: string, isCondition = false): readonly string[] {
  return Object.entries(schema).flatMap(([keyword, value]) => {
    if (keyword === 'if') return []
    if (keyword === 'properties' && isJsonObject(value)) {
      return Object.entries(value).flatMap(([name, part]) => {
        if (!isJsonObject(part)) return []
        // Parts of a condition's consequence narrow a property that is described where it is declared.
        const narrows = isCondition && ['streams', 'map'].includes(name)
        const own = narrows || typeof part['description'] === 'string' ? [] : [`${path}/${name}`]
        return [...own, ...undescribed(part, `${path}/${name}`, isCondition)]
      })
    }
    if (isJsonObject(value)) return undescribed(value, keyword === 'definitions' ? path : `${path}/${keyword}`, isCondition || keyword === 'then' || keyword === 'else')
    if (isJsonArray(value)) return value.flatMap((each, index) => (isJsonObject(each) ? undescribed(each, `${path}/${keyword}/${String(index)}`, isCondition || keyword === 'allOf') : []))
    return []
  })
}

describe('schemas for editors', () => {
  let folder = ''
  let schemas: Readonly<Record<string, JsonObject>> = {}
  let editor: Editor
  before(async () => {
    folder = temporaryFolder()
    writeFileSync(join(folder, 'cdp.yaml'), `kind: Project\nname: all\nplugins: ${everything}\ninclude: ["schemas/*.yaml"]\n`)
    mkdirSync(join(folder, 'schemas'))
    writeFileSync(join(folder, 'schemas/person.yaml'), 'kind: Schema\nname: person\nextends: b2b/person\nfields: { fitBand: { type: string, description: Band of the lead score. } }\n')
    schemas = await schemasOf(folder)
    exportTo(folder, schemas)
    editor = openEditor(folder)
  })
  after(() => { rmSync(folder, { recursive: true }) })

  it('are one for each kind and one for all, and each is valid draft-07', () => {
    assert.deepEqual(Object.keys(schemas).sort(), ['cdp', 'destination', 'policy', 'project', 'sandbox', 'schema', 'segment', 'segment-test', 'source'].map((each) => `${each}.schema.json`).sort())
    for (const [file, schema] of Object.entries(schemas)) {
      assert.equal(schema['$schema'], 'http://json-schema.org/draft-07/schema#')
      assert.equal(new Ajv({ strict: true, strictRequired: false, strictTypes: false, allowUnionTypes: true }).validateSchema(schema), true, file)
      assert.doesNotThrow(() => new Ajv({ strict: true, strictRequired: false, strictTypes: false, allowUnionTypes: true }).compile(schema), file)
    }
  })

  it('say of every property what it is for, in the config of every connector too', () => {
    assert.deepEqual(undescribed(schemas['cdp.schema.json'] ?? {}, ''), [])
  })

  it('are the same each time', async () => {
    assert.deepEqual(await schemasOf(folder), schemas)
  })

  for (const example of examples) {
    it(`find nothing to mark in ${example}`, async () => {
      const copy = temporaryFolder(example)
      exportTo(copy, await schemasOf(copy))
      const here = openEditor(copy)
      const files = readdirSync(copy, { recursive: true }).map(String).filter((each) => each.endsWith('.yaml'))
      assert.ok(files.length > 1)
      for (const file of files) {
        const text = readFileSync(join(copy, file), 'utf8')
        assert.match(text, /^# yaml-language-server: \$schema=(\.\.\/)*\.schema\/cdp\.schema\.json\n/, file)
        // All lie in one folder here, whatever their depth.
        assert.deepEqual(await here.problems(text.replaceAll(/\$schema=(\.\.\/)*/g, '$schema=../')), [], file)
      }
      rmSync(copy, { recursive: true })
    })
  }

  it('mark nothing in the projects that keep to the guardrails', async () => {
    const valid = readdirSync('test/guardrails').map((each) => join('test/guardrails', each, 'valid')).filter((each) => existsSync(each))
    assert.ok(valid.length > 20)
    const marks = await Promise.all(valid.flatMap((project) => readdirSync(project, { recursive: true }).map(String).filter((each) => each.endsWith('.yaml')).map(async (file) => {
      const text = readFileSync(join(project, file), 'utf8')
      return (await editor.problems(line + text.replaceAll(/^---$/gm, `---\n${line.trimEnd()}`))).map((each) => `${project}/${file} ${each}`)
    })))
    assert.deepEqual(marks.flat(), [])
  })

  it('offer the kinds, and the keys of a kind, each with its description', async () => {
    const kinds = await editor.offers(`${line}kind: ¦\n`)
    assert.deepEqual(Object.keys(kinds).sort(), ['Destination', 'Policy', 'Project', 'Sandbox', 'Schema', 'Segment', 'SegmentTest', 'Source'])
    const keys = await editor.offers(`${line}kind: Segment\nname: hot\n¦\n`)
    assert.match(keys['expression'] ?? '', /JSONata: members are those for whom it is true/)
    assert.match(keys['activate'] ?? '', /Where its members are delivered/)
    assert.equal('connector' in keys, false)
  })

  it('offer what a value can be', async () => {
    const modes = await editor.offers(`${line}kind: Segment\nname: hot\nexpression: "true"\nevaluation:\n  mode: ¦\n`)
    assert.deepEqual(Object.keys(modes).sort(), ['batch', 'on-change', 'streaming'])
    const codes = await editor.offers(`${line}kind: Segment\nname: hot\nexpression: "true"\nlint:\n  off:\n    - ¦\n`)
    assert.match(codes['expression/not-boolean'] ?? '', /The condition is not true or false/)
    const connectors = await editor.offers(`${line}kind: Destination\nname: d\nconnector: ¦\n`)
    assert.deepEqual(Object.keys(connectors).filter((each) => ['files', 'http', 'marketo', 'log'].includes(each)).sort(), ['files', 'http', 'log', 'marketo'])
    const parents = await editor.offers(`${line}kind: Schema\nname: person\nextends: ¦\n`)
    assert.match(parents['b2b/person'] ?? '', /A lead or contact/)
  })

  it('know the config of the connector, and secrets only as references', async () => {
    const config = await editor.offers(`${line}kind: Destination\nname: d\nconnector: http\nconfig:\n  url: https://x.example\n  ¦\n`)
    assert.deepEqual(['method', 'auth', 'signing', 'body'].filter((each) => !(each in config)), [])
    assert.equal('munchkinId' in config, false)
    const secret = await editor.offers(`${line}kind: Source\nname: m\nconnector: marketo\nconfig:\n  munchkinId: 123-ABC-456\n  clientId:\n    ¦\n`)
    assert.deepEqual(Object.keys(secret).filter((each) => each.startsWith('from')).sort(), ['fromEnv', 'fromFile'])
    const stream = await editor.offers(`${line}kind: Source\nname: f\nconnector: files\nstreams:\n  - name: a\n    config:\n      ¦\n`)
    assert.match(stream['path'] ?? '', /File or glob, relative to the project/)
  })

  it('know the streams of a connector and the fields of an entity, the project’s own too', async () => {
    const streams = await editor.offers(`${line}kind: Source\nname: s\nconnector: salesforce\nstreams:\n  - name: ¦\n`)
    assert.ok('Contact' in streams, Object.keys(streams).join(', '))
    const fields = await editor.offers(`${line}kind: Source\nname: f\nconnector: files\nstreams:\n  - name: a\n    entity: person\n    map:\n      ¦\n`)
    assert.deepEqual([fields['fitBand'], 'email' in fields, 'employees' in fields], ['string: Band of the lead score.', true, false])
  })

  it('offer guardrails by their id, with what they say', async () => {
    const ids = await editor.offers(`${line}kind: Project\nname: p\ninclude: []\nguardrails:\n  overrides:\n    ¦\n`)
    assert.match(ids['batch-audiences'] ?? '', /\w/)
    assert.equal('segment-needs-batch' in ids, false)
  })

  it('tell of a key what it is for', async () => {
    assert.match(await editor.hover(`${line}kind: Segment\nname: hot\nexpres¦sion: "true"\n`), /^JSONata: members are those for whom it is true\./)
    assert.match(await editor.hover(`${line}kind: Destination\nname: d\nconnector: http\nconfig:\n  url: https://x.example\n  sig¦ning: { secret: { fromEnv: S } }\n`), /^Signs each request as Standard Webhooks do\./)
    assert.match(await editor.hover(`${line}kind: Segm¦ent\nname: hot\nexpression: "true"\n`), /A condition on people or accounts, and where its members are delivered\./)
  })

  const marked: readonly (readonly [what: string, text: string, problems: readonly string[]])[] = [
    ['an unknown key', 'kind: Segment\nname: hot\nexpresion: "true"\nexpression: "true"\n', ['4:1 Property expresion is not allowed.']],
    ['a missing key', 'kind: Segment\nname: hot\n', ['2:1 Missing property "expression".']],
    ['a value that is none of those', 'kind: Segment\nname: hot\nexpression: "true"\nevaluation: { mode: steaming }\n', ['5:21 Value is not accepted. Valid values: "streaming", "batch", "on-change".']],
    ['a wrong type', 'kind: Destination\nname: d\nconnector: log\nprotect: 5\n', ['5:10 Incorrect type. Expected "boolean | string".']],
    ['a key that the connector does not have', 'kind: Destination\nname: d\nconnector: files\nconfig: { folder: out, url: x }\n', ['5:24 Property url is not allowed.']],
    ['a connector without the config that it needs', 'kind: Destination\nname: d\nconnector: files\n', ['2:1 Missing property "config".']],
    ['a secret in plain sight', 'kind: Source\nname: m\nconnector: marketo\nconfig:\n  munchkinId: 123-ABC-456\n  clientId: { fromEnv: A }\n  clientSecret: abc\n', ['8:17 Incorrect type. Expected "object".']],
    ['files without streams', 'kind: Source\nname: f\nconnector: files\n', ['2:1 Missing property "streams".']],
    ['the second document of a file, by its own line', `kind: Segment\nname: hot\nexpression: "true"\n---\n${line}kind: Segment\nname: warm\nexpressions: "true"\n`, ['7:1 Missing property "expression".', '9:1 Property expressions is not allowed.']],
    ['an unknown kind', 'kind: Segmnet\nname: hot\n', ['2:7 Value must be "Project" | "Sandbox" | "Source" | "Schema" | "Policy" | "Segment" | "Destination" | "SegmentTest".']],
  ]
  for (const [what, text, problems] of marked) {
    it(`mark ${what}`, async () => { assert.deepEqual(await editor.problems(line + text), problems) })
  }

  const fine: readonly (readonly [what: string, text: string])[] = [
    ['variables for values of every type', 'kind: Destination\nname: d\nconnector: http\ndryRun: ${{ vars.dry }}\nprotect: ${{ vars.p }}\nconfig:\n  url: ${{ vars.url }}\n  batch: { maxRecords: "${{ vars.n }}" }\n  method: ${{ vars.method }}\n  signing: ${{ vars.signing }}\n'],
    ['a config that is shared and not written', 'kind: Destination\nname: d\nconnector: marketo\nconfigFrom: Source/m\nconfig: { create: true }\n'],
    ['references for texts that are no secrets', 'kind: Destination\nname: d\nconnector: http\nconfig: { url: { fromEnv: URL }, auth: { bearer: { fromFile: /run/secrets/t } } }\n'],
    ['keys of one’s own', 'kind: Segment\nname: hot\nexpression: "true"\nx-owner: { team: ops }\nlabels: { tier: 1 }\n'],
    ['a source that reads all streams of its connector', 'kind: Source\nname: s\nconnector: salesforce\nconfig: ${{ vars.salesforce }}\n'],
    ['a field that the schema got after the export', 'kind: Source\nname: f\nconnector: files\nstreams:\n  - { name: a, entity: person, key: id, config: { path: a.csv }, map: { brandNew: x } }\n'],
    ['a test of a segment', 'kind: SegmentTest\nsegment: hot\nname: x\nprofiles: { a: { person: { title: CEO } }, b: }\nmembers: [a]\n'],
  ]
  for (const [what, text] of fine) {
    it(`take ${what}`, async () => { assert.deepEqual(await editor.problems(line + text), []) })
  }

  it('do not mark connectors of a plugin that is not installed yet', async () => {
    const copy = temporaryFolder()
    writeFileSync(join(copy, 'cdp.yaml'), 'kind: Project\nname: p\nplugins: ["@acme/cdpkit-plugin-erp"]\ninclude: []\n')
    exportTo(copy, await schemasOf(copy))
    assert.deepEqual(await openEditor(copy).problems(`${line}kind: Destination\nname: d\nconnector: erp\nconfig: { host: x }\n`), [])
    rmSync(copy, { recursive: true })
  })
})
