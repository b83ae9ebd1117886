// The comment on a pull request: what it says, that it is never too long, and that nothing in it comes to life that it did not mean.
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { driftToMarkdown } from '../../packages/core/src/render/drift.js'
import { codeBlock, codeCell, codeLines, codeSpan } from '../../packages/core/src/render/markdown.js'
import { longestComment, planToMarkdown, problemsToMarkdown } from '../../packages/core/src/render/plan-markdown.js'
import { livingHtml, toHtml } from './consumers.js'
import { aBlock, aChange, aPlan, aWarning, anImpact } from './plans.js'

const plan = aPlan({
  changes: [
    aChange('Segment/enterprise', { fields: [{ field: 'expression', before: 'employees >= 500', after: 'employees >= 700' }], impact: anImpact(), at: { file: 'segments/enterprise.yaml', from: { line: 5, column: 1 }, to: { line: 5, column: 5 } } }),
    aChange('Segment/c-suite', { action: 'create' }),
    aChange('Segment/engagers', { action: 'rename', from: 'Segment/hot-leads' }),
  ],
  blocks: [aBlock()],
  warnings: [aWarning()],
  guardrails: { profile: 'seed', overrides: [{ id: 'batch-segments', limit: 6000, reason: 'sized for it' }] },
  headroom: [{ guardrail: 'audiences-sandbox', what: 'segments', used: 312, limit: 4000 }],
})

const entities = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&amp;': '&' } as const
const decoded = (html: string): string => html.replaceAll(/&(lt|gt|quot|amp);/g, (each) => entities[each as keyof typeof entities])
const textOf = (html: string): string => decoded(html.replaceAll(/<[^>]+>/g, ''))

describe('a plan as a comment', () => {
  it('has blocks on top, then warnings, changed guardrails, a table of the changes, and the details folded', () => {
    assert.equal(planToMarkdown(plan), [
      '### cdp plan · `acme` · sandbox `prod`',
      '',
      '**1 to add, 1 to change, 1 to rename, 0 to remove · 1 blocked** · state #118 · data as of 1970-01-01 00:00 UTC · impact exact',
      '',
      '> [!CAUTION]',
      '> **Blocked.** `cdp apply` refuses this plan.',
      '>',
      '> - `Segment/enterprise` `plan/shrinks-too-much`<br>`exit share 16.8 % exceeds safety.maxExitPercent 10`<br>`To go on anyway: --allow-shrink enterprise`',
      '',
      '**1 warning**',
      '',
      '- `guardrail/streaming-audiences` `cdp.yaml:3`<br>`Too many streaming segments: The sandbox has 501; performance is known up to 500.`<br>`Remove some.`',
      '',
      '```text',
      'Headroom   segments 312/4,000',
      '',
      'Overridden guardrails',
      '  batch-segments  limit 6,000 · sized for it',
      '```',
      '',
      '| | resource | members | enter | exit | delivers |',
      '| --- | --- | ---: | ---: | ---: | --- |',
      '| \\~ change | `Segment/enterprise` **blocked** | 18,402 → 15,310 (-16.8 %) | 0 | 3,092 | `marketo-eu` +0 -3,092 · 11 requests |',
      '| \\+ add | `Segment/c-suite` |  |  |  |  |',
      '| \\> rename | `Segment/hot-leads` → `Segment/engagers` |  |  |  |  |',
      '',
      '<details><summary>Details</summary>',
      '',
      '```text',
      '  ~ Segment/enterprise                     segments/enterprise.yaml:5',
      '      expression  employees >= 500 → employees >= 700',
      '      members     18,402 → 15,310    + 0 enter    - 3,092 exit    (-16.8 %)',
      '      delivers    Destination/marketo-eu   0 additions, 3,092 removals · 11 requests · about 3.0 s',
      '      effect      re-evaluate',
      '      ! exit share 16.8 % exceeds safety.maxExitPercent 10',
      '',
      '  + Segment/c-suite',
      '      effect  re-evaluate',
      '',
      '  > Segment/engagers                       renamed from hot-leads: members and remote list kept',
      '      effect  re-evaluate',
      '```',
      '',
      '</details>',
    ].join('\n'))
  })

  it('is read as a table, an alert and a folded block', () => {
    const html = toHtml(planToMarkdown(plan))
    assert.equal([...html.matchAll(/<tr>/g)].length, 4)
    assert.deepEqual([...html.matchAll(/<td[^>]*>(.*?)<\/td>/g)].slice(0, 6).map((each) => textOf(each[1] ?? '')), ['~ change', 'Segment/enterprise blocked', '18,402 → 15,310 (-16.8 %)', '0', '3,092', 'marketo-eu +0 -3,092 · 11 requests'])
    assert.match(html, /<blockquote>\n<p>\[!CAUTION\]\n<strong>Blocked\.<\/strong>[\s\S]*<li><code>Segment\/enterprise<\/code>[\s\S]*<\/blockquote>/)
    assert.match(html, /<details><summary>Details<\/summary>\n<pre><code class="language-text">[\s\S]*<\/code><\/pre>\n<\/details>$/)
  })

  it('says about when the numbers are from a sample', () => {
    const basis = { is: 'sample', profiles: 1000, of: 50_000, enterBetween: [0, 10], exitBetween: [3000, 3200] } as const
    assert.match(planToMarkdown(aPlan({ changes: [aChange('Segment/enterprise', { impact: anImpact({ basis }) })] })), /impact from a sample of 1,000 of 50,000[\s\S]*\| 18,402 → about 15,310 \(-16\.8 %\) \|[\s\S]*between +\+ 0 to 10 enter, - 3,000 to 3,200 exit/)
  })

  it('says that nothing changes', () => {
    assert.equal(planToMarkdown(aPlan()), '### cdp plan · `acme` · sandbox `prod`\n\n**0 to add, 0 to change, 0 to rename, 0 to remove** · state #118 · data as of 1970-01-01 00:00 UTC · impact exact\n\nNo changes. The sandbox is as the files say.')
  })

  it('names no member: who reads a pull request need not be who reads profiles', () => {
    assert.doesNotMatch(planToMarkdown(plan), /ada@acme/)
  })

  it('tells of files with mistakes that there is no plan', () => {
    assert.equal(problemsToMarkdown([aWarning({ severity: 'error' }), aWarning()]), [
      '### cdp plan', '', '> [!CAUTION]', '> **No plan:** the files have 1 error.', '',
      '- `guardrail/streaming-audiences` `cdp.yaml:3`<br>`Too many streaming segments: The sandbox has 501; performance is known up to 500.`<br>`Remove some.`',
    ].join('\n'))
  })
})

describe('a comment on a plan that is too large for one', () => {
  const many = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index)

  it('stays below what GitHub takes, and tells what was cut', () => {
    const changes = many(2000).map((each) => aChange(`Segment/segment-${String(each)}`, { impact: anImpact(), fields: [{ field: 'expression', before: 'a', after: 'b' }] }))
    const comment = planToMarkdown(aPlan({ changes, blocks: many(500).map((each) => aBlock({ address: `Segment/segment-${String(each)}` })), warnings: many(500).map(() => aWarning()) }))
    assert.ok(Buffer.byteLength(comment) <= longestComment, String(Buffer.byteLength(comment)))
    assert.ok(comment.length > 60_000, String(comment.length))
    assert.match(comment, /\n\nCut to fit into a comment\. Left out: \d+ of 500 blocks, \d+ of 500 warnings, 1,\d+ of 2,000 changes, 1\d,\d+ of 1\d,\d+ lines of details\. `cdp show` with the plan file tells all of it\.$/)
    assert.match(comment, /```\n\n<\/details>\n\nCut/)
    assert.match(toHtml(comment), /<\/table>[\s\S]*<details>[\s\S]*<\/pre>\n<\/details>\n<p>Cut/)
  })

  it('counts bytes, so that no way of counting makes it too long', () => {
    const changes = many(500).map((each) => aChange(`Segment/${'語'.repeat(60)}${String(each)}`, { notes: ['\u0001'.repeat(1000)] }))
    const comment = planToMarkdown(aPlan({ changes }))
    assert.ok(Buffer.byteLength(comment) <= longestComment, String(Buffer.byteLength(comment)))
  })

  it('leaves out a part of which nothing fits', () => {
    const comment = planToMarkdown(aPlan({ changes: [aChange('Segment/a')], warnings: [aWarning({ text: { summary: 'x'.repeat(400), detail: '', help: '' } })] }), 2000)
    assert.match(comment, /impact not counted\n\n\| \| resource[\s\S]*Left out: 1 of 1 warning/)
  })
})

const attacks = [
  '`', '``', '` `', '\\`', '\\', '|', '\\|', '| <img src=x onerror=alert(1)> |', '`|<b>x</b>|`', '\\\\| @octocat', '</code></details><script>alert(1)</script>', '<!-- ', '-->', '--- | ---', '\n\n# heading', '\n```\n',
  '\r\n\r\n<h1>x</h1>', '~~~', '````', '@octocat', '#1', 'https://evil.example', 'www.evil.example', 'me@evil.example', '[a](https://evil.example)', '![a](https://evil.example/x.png)', '&lt;b&gt;', '&#64;octocat', '<https://evil.example>',
  '**bold**', '_em_', '$x$', '\u202egnp.exe', '\u0000', '\ud800', '\u2028', '  ', '', ':tada:', '[^1]', '[ ] task', '<br>', '\t- item',
] as const

/** Whatever people may have written: pieces that mean something in Markdown, put together at random. */
const anything = fc.oneof(fc.constantFrom(...attacks), fc.array(fc.oneof(fc.constantFrom(...attacks), fc.string({ unit: 'binary', maxLength: 3 })), { maxLength: 6 }).map((parts) => parts.join('')))

describe('text of others in Markdown', () => {
  it('is one code span with that text', () => {
    fc.assert(fc.property(anything, (text) => {
      assert.equal(livingHtml(`x ${codeSpan(text)} y`), '<p>x <code/> y</p>')
    }), { numRuns: 500 })
    for (const text of attacks) assert.equal(textOf(toHtml(codeSpan(text))).trim(), text.replaceAll('\u0000', '\ufffd').replaceAll('\u202e', '\ufffd').replaceAll(/\s+/g, ' ').trim(), JSON.stringify(text))
  })

  it('is one code span in one cell of a table', () => {
    fc.assert(fc.property(anything, anything, (one, two) => {
      const html = livingHtml(`| a | b |\n| --- | --- |\n| ${codeCell(one)} | ${codeCell(two)} |\n| x | y |`)
      assert.match(html, /^<table>\n<thead>\n<tr>\n<th>a<\/th>\n<th>b<\/th>\n<\/tr>\n<\/thead>\n<tbody>\n<tr>\n<td><code\/><\/td>\n<td><code\/><\/td>\n<\/tr>\n<tr>\n<td>x<\/td>\n<td>y<\/td>\n<\/tr>\n<\/tbody>\n<\/table>$/)
    }), { numRuns: 500 })
  })

  it('is one block of code', () => {
    fc.assert(fc.property(fc.array(anything, { minLength: 1 }), (texts) => {
      assert.equal(livingHtml(`${codeBlock(codeLines(texts.join('\n')))}\n\nend`), '<pre><code/></pre>\n<p>end</p>')
    }), { numRuns: 500 })
  })

  it('changes nothing of the comment around it', () => {
    const shape = (html: string): string => html.replaceAll(/>[^<]+</g, '><')
    const said = (text: string): string => shape(livingHtml(planToMarkdown(aPlan({
      project: text, sandbox: text,
      changes: [aChange(`Segment/${text}`, { action: 'rename', from: `Segment/${text}`, cause: text, notes: [text], fields: [{ field: text, before: text, after: 'b' }], impact: anImpact({ deliveries: [{ destination: text, adds: 1, removes: 1 }], errors: { [text]: 1 } }) })],
      blocks: [aBlock({ address: `Segment/${text}`, detail: text, help: text })],
      warnings: [aWarning({ text: { summary: text, detail: text, help: text || 'x' } })],
      guardrails: { profile: 'seed', overrides: [{ id: text, reason: text }] },
    }))))
    const expected = said('harmless')
    fc.assert(fc.property(anything, (text) => { assert.equal(said(text), expected) }), { numRuns: 300 })
  })
})

describe('what is in remote audiences, as a comment', () => {
  const of = { project: 'acme', sandbox: 'prod' }
  const head = '### cdp plan --refresh-only · `acme` · sandbox `prod`'

  it('counts per audience who is gone and who was not put there, and names nobody', () => {
    const there = { destination: 'marketo', created: true, there: 1240, missing: 0, foreign: 0, sampleForeign: [] }
    const drift = [{ ...there, segment: 'c|suite' }, { ...there, segment: 'buyers', missing: 2, foreign: 1, sampleForeign: ['ada@acme.example'] }]
    const comment = driftToMarkdown(drift, of)
    assert.equal(comment, [
      head, '', '**1 audience of 2 not as delivered.** To mend it: `cdp run --reconcile`', '',
      '| audience | there | gone | not put there by us |', '| --- | ---: | ---: | ---: |', '| `c¦suite` → `marketo` | 1,240 | 0 | 0 |', '| `buyers` → `marketo` | 1,240 | 2 | 1 |',
    ].join('\n'))
    assert.match(toHtml(comment), /^<h3>cdp plan[\s\S]*<table>/)
  })

  it('says so when all is as delivered, and when nothing can be told', () => {
    const same = { destination: 'marketo', segment: 'buyers', created: true, there: 3, missing: 0, foreign: 0, sampleForeign: [] }
    assert.match(driftToMarkdown([same], of), /\n\nEvery audience is as it was delivered\.\n\n\| audience/)
    assert.equal(driftToMarkdown([], of), `${head}\n\nno destination of this sandbox can tell who is in its audiences, or nothing was delivered yet`)
  })
})
