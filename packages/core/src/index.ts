// The public library: artifacts and verbs of the seven stages.
export type { Checked, Diagnostic } from './kernel/diagnostic.js'
