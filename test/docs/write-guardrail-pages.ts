// Writes docs/reference/guardrails.md and a page for each guardrail: `npm run docs:guardrails`.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { guardrailPagesFolder, toGuardrailPages } from './guardrail-pages.js'

rmSync(guardrailPagesFolder, { recursive: true, force: true })
mkdirSync(guardrailPagesFolder, { recursive: true })
for (const [path, text] of toGuardrailPages()) writeFileSync(path, text)
