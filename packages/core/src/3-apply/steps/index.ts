// The steps of an apply, one file each. They do what the plan says; none of them looks at the project or decides anything.
export { prepareTables } from './prepare-tables.js'
export { recordState } from './record-state.js'
