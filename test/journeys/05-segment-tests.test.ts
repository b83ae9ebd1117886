// Somebody writes tests for segments: what passes, what fails and where, what is told of mistakes, and what a pipeline reads.
import assert from 'node:assert/strict'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { compose } from '../../packages/core/src/compose.js'
import { type Ended, temporaryFolder } from './cli.js'
import { runHere } from './run-here.js'

const name = 'enterprise-decision-makers'
const segmentFile = `segments/${name}.yaml`
const testFile = `segments/${name}.test.yaml`
const wrongTest = ['kind: SegmentTest', `segment: ${name}`, 'profiles:', '  chief: { person: { title: Chief }, accounts: [{ employees: 5000 }] }', '  clerk: { person: { title: Clerk } }', 'members: [clerk]', ''].join('\n')

describe('cdp test', () => {
  let folder = ''
  beforeEach(() => { folder = temporaryFolder('packages/core/templates/minimal') })
  afterEach(() => { rmSync(folder, { recursive: true }) })

  const cli = (...args: readonly string[]): Promise<Ended> => runHere(['test', ...args], { folder })
  const write = (file: string, text: string | Buffer): void => { writeFileSync(join(folder, file), text) }
  const edit = (file: string, from: string, to: string): void => {
    const text = readFileSync(join(folder, file), 'utf8')
    assert.ok(text.includes(from), `${file} has no ${from}`)
    write(file, text.replace(from, to))
  }
  /** `place code` of every mistake and warning. */
  const told = async (): Promise<readonly string[]> => {
    const checked = await compose({ env: {}, folder, logFrom: 'error' }).loadSegmentTests({})
    const all = checked.ok ? checked.warnings : checked.problems
    return all.map(({ at, code }) => `${at?.file ?? ''}:${String(at?.from.line)}:${String(at?.from.column)} ${code}`)
  }

  it('is green for a new project, before anything was applied, and needs no database', async () => {
    assert.deepEqual(await cli(), { code: 0, stdout: '✓ enterprise-decision-makers  4 profiles\n\n4 profiles in 1 test: 4 passed, 0 failed\n', stderr: '' })
  })

  it('tells who is wrongly in or out, with the place of the profile, and ends with 1', async () => {
    write(testFile, wrongTest)
    const { code, stdout, stderr } = await cli()
    assert.deepEqual([code, stderr], [1, ''])
    const lines = stdout.split('\n')
    assert.equal(lines[0], `✗ ${name}  ${testFile}:2`)
    assert.ok(lines.includes(`    chief is in, and should be out  ${testFile}:4`), stdout)
    assert.ok(lines.includes(`    clerk is out, and should be in  ${testFile}:5`), stdout)
    assert.equal(lines.at(-2), '2 profiles in 1 test: 0 passed, 2 failed')
  })

  it('shows that a changed expression would lose somebody', async () => {
    edit(segmentFile, 'employees >=', 'employees >')
    assert.match((await cli()).stdout, /chief-at-large is out, and should be in/)
  })

  it('says so when there are no tests, and how to write one that passes', async () => {
    rmSync(join(folder, testFile))
    const { code, stdout } = await cli()
    assert.deepEqual([code, stdout.split('\n')[0]], [0, `No tests found for Segment/${name}. A test stands beside its segment, such as ${testFile}:`])
    write(testFile, stdout.split('\n').slice(2, 8).join('\n'))
    edit(segmentFile, '$contains(person.title, /^(Chief|VP)/)\n  and $exists(accounts[employees >= $vars.enterpriseEmployees])', 'person.title = "CEO"')
    assert.deepEqual([(await cli()).code, (await cli()).stdout.split('\n').at(-2)], [0, '2 profiles in 1 test: 2 passed, 0 failed'])
  })

  it('runs the tests of the segments that are named', async () => {
    write('segments/other.yaml', 'kind: Segment\nname: other\nexpression: person.leadScore > 5\n')
    write('segments/other.test.yaml', 'kind: SegmentTest\nsegment: other\nprofiles: { high: { person: { leadScore: 9 } } }\nmembers: []\n')
    assert.deepEqual([(await cli()).code, (await cli(`Segment/${name}`)).code, (await cli(`Segment/${name}`, 'segment/other')).code], [1, 0, 1])
    assert.match((await cli('Segment/other', '--quiet')).stdout, /^✗ other/)
    assert.deepEqual([(await cli('Segment/none')).code, (await cli('other')).code, (await cli('--format', 'xml')).code], [64, 64, 64])
  })

  it('prints one JSON document, with --json and with --format json', async () => {
    write(testFile, wrongTest)
    const { code, stdout, stderr } = await cli('--json')
    assert.deepEqual([code, stderr, (await cli('--format', 'json')).stdout], [1, '', stdout])
    const report = JSON.parse(stdout) as { passed: number; failed: number; tests: readonly { profiles: readonly object[] }[] }
    assert.deepEqual([report.passed, report.failed], [0, 2])
    const [first] = report.tests[0]?.profiles ?? []
    assert.deepEqual({ ...first, clauses: undefined }, { profile: 'chief', passed: false, expected: { is: 'out' }, found: { is: 'in' }, file: testFile, line: 4, column: 3, clauses: undefined })
  })

  it('prints JUnit XML, also of a project with mistakes', async () => {
    assert.match((await cli('--format', 'junit')).stdout, /^<\?xml version="1.0" encoding="UTF-8"\?>\n<testsuites name="cdp test" tests="4" failures="0" errors="0" time="\d+\.\d{3}">\n {2}<testsuite name="enterprise-decision-makers" tests="4"[\s\S]*<\/testsuites>\n$/)
    write(testFile, wrongTest.replace('title: Chief', 'titel: Chief'))
    const { code, stdout, stderr } = await cli('--format', 'junit')
    assert.deepEqual([code, /errors="1"[\s\S]*<error message="Unknown field: Entity person has no field &quot;titel&quot;\."/.test(stdout), /^error\[project\/unknown-field\]/.test(stderr)], [3, true, true])
  })

  it('tells every mistake of the tests and of the project at once, with its place, and ends with 3', async () => {
    edit(segmentFile, '$contains(', '$contians(')
    write(testFile, wrongTest.replace('title: Chief', 'titel: Chief').replace('[clerk]', '[clark]'))
    write('segments/a.test.yaml', 'kind: Segment\nname: x\n---\nkind: SegmentTest\nsegment: nobody\nprofiles: { a: {} }\nmembers: []\n---\nsegment: x\n---\njust text\n')
    assert.deepEqual(await told(), [
      'segments/a.test.yaml:1:7 test/other-kind', 'segments/a.test.yaml:5:10 project/unknown-reference', 'segments/a.test.yaml:9:1 project/missing-kind', 'segments/a.test.yaml:11:1 project/not-a-map',
      `${testFile}:4:22 project/unknown-field`, `${testFile}:6:11 test/unknown-profile`, `${segmentFile}:7:3 expression/unknown-function`,
    ])
    const { code, stderr } = await cli()
    assert.equal(code, 3)
    assert.match(stderr, /4 \| {3}chief: \{ person: \{ titel: Chief \}[^\n]*\n +\| +\^{5}\n {2}Entity person has no field "titel"\.\n {2}Did you mean "title"\?/)
  })

  it('finds test files anywhere in the project, but not in other projects, and none of them is a resource', async () => {
    edit('cdp.yaml', '"{sources,schemas,segments,destinations,sandboxes}/*.yaml"', '"{sources,segments,destinations,sandboxes}/**/*.yaml"')
    write('top.test.yaml', wrongTest.replace('[clerk]', '[chief]'))
    const inner = join(folder, 'inner')
    await runHere(['init', inner], { folder })
    rmSync(join(inner, 'segments', `${name}.yaml`))
    assert.match((await cli()).stdout, /6 profiles in 2 tests: 6 passed, 0 failed\n$/)
    assert.match((await runHere(['validate'], { folder })).stdout, /1 source, 1 segment, 1 destination\. No errors, 0 warnings\./)
  })

  it('formats tests like other files', async () => {
    write(testFile, wrongTest.replace('kind: SegmentTest\n', '').concat('kind:   SegmentTest # a test\n'))
    assert.match((await runHere(['fmt'], { folder })).stdout, new RegExp(`formatted: ${testFile}`))
    assert.match(readFileSync(join(folder, testFile), 'utf8'), /^kind: SegmentTest # a test\nsegment: /)
    assert.equal((await cli()).code, 1)
  })

  it('says what it got of files that nobody meant to write so', async () => {
    const cases: readonly (readonly [text: string | Buffer, told: string])[] = [
      ['', '1:1 project/empty-file'],
      ['# only this\n', '1:1 project/empty-file'],
      [wrongTest.replaceAll('clerk', 'chief'), '5:3 project/duplicate-key'],
      [`kind: SegmentTest\nsegment: ${name}\nprofiles: { a: ${'x'.repeat(1_000_001)} }\nmembers: []\n`, '1:1 project/unreadable-file'],
      [Buffer.from([0x6b, 0xff, 0xfe]), '1:1 project/unreadable-file'],
      ['kind: SegmentTest\nsegment: [\n', '3:1 project/yaml-syntax'],
    ]
    for (const [text, expected] of cases) {
      write(testFile, text)
      assert.deepEqual(await told(), [`${testFile}:${expected}`])
    }
    write(testFile, '')
    const { code, stderr } = await cli()
    assert.deepEqual([code, /^warning\[project\/empty-file\]/.test(stderr)], [0, true])
  })

  it('takes Windows line ends, a byte order mark, anchors, and names in any script', async () => {
    write(testFile, `\ufeff${[
      'kind: SegmentTest', `segment: ${name}`, 'x-large: &large { employees: 5000 }', 'profiles:',
      '  "Zoë 🦊 <&>": { person: { title: Chief }, accounts: [*large] }', '  "1": { accounts: [*large] }', '  __proto__: {}', 'members: ["Zoë 🦊 <&>"]', '',
    ].join('\r\n')}`)
    assert.deepEqual([(await cli()).code, (await cli()).stdout.split('\n').at(-2)], [0, '3 profiles in 1 test: 3 passed, 0 failed'])
    assert.match((await cli('--format', 'junit')).stdout, /name="Zoë 🦊 &lt;&amp;&gt;"/)
  })

  it('passes for a run-time error that was expected', async () => {
    write('segments/odd.yaml', 'kind: Segment\nname: odd\nexpression: person.custom.rank > 5\n')
    write('segments/odd.test.yaml', 'kind: SegmentTest\nsegment: odd\nprofiles: { titled: { person: { custom: { rank: first } } }, untitled: {} }\nmembers: []\nerrors: { titled: T2009 }\n')
    assert.equal((await cli('Segment/odd')).stdout.split('\n').at(-2), '2 profiles in 1 test: 2 passed, 0 failed')
    edit('segments/odd.test.yaml', 'errors: { titled: T2009 }', '')
    assert.match((await cli('Segment/odd')).stdout, /titled fails with T2009 \([^\n]*\), and should be out/)
  })
})

describe('docs/guide/test-segments.md', () => {
  it('shows tests that pass in the example, and the text that a failure gives', async () => {
    const page = readFileSync('docs/guide/test-segments.md', 'utf8')
    const tests = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map((match) => match[1] ?? '')
    const folder = temporaryFolder('examples/crm-pipeline')
    assert.deepEqual([(await runHere(['test'], { folder })).code, tests.length], [0, 4])
    for (const each of ['enterprise-open-deals', 'hot-buying-groups', 'pricing-page-visitors']) rmSync(join(folder, 'segments', `${each}.test.yaml`))
    tests.forEach((text, index) => { writeFileSync(join(folder, `segments/${String(index)}.test.yaml`), text) })
    assert.equal((await runHere(['test'], { folder })).stdout.split('\n').at(-2), '8 profiles in 4 tests: 8 passed, 0 failed')
    const failing = /```text\n([\s\S]*?)```/.exec(page)?.[1]
    for (const index of [1, 2, 3]) rmSync(join(folder, `segments/${String(index)}.test.yaml`))
    writeFileSync(join(folder, 'segments/enterprise-open-deals.test.yaml'), (tests[0] ?? '').replace('employees: 90 }', 'employees: 900 }'))
    rmSync(join(folder, 'segments/0.test.yaml'))
    const { stdout } = await runHere(['test'], { folder })
    for (const line of failing?.split('\n') ?? []) assert.ok(stdout.split('\n').includes(line), `${line}\n${stdout}`)
    rmSync(folder, { recursive: true })
  })
})
