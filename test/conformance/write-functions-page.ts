// Writes docs/reference/functions.md: `npm run docs:functions`.
import { writeFileSync } from 'node:fs'
import { functionsPagePath, toFunctionsPage } from './functions-page.js'

writeFileSync(functionsPagePath, toFunctionsPage())
