// Published as @cdpkit/core/testing: builders of projects, applied states and stores in memory, and a clock that stands still.
export { fixedClock } from '../kernel/clock.js'
export { aContext, itemsOf } from './a-context.js'
export { aDestination, aProject, aSegment, aSource, anActivation, anApplied, seedLimits } from './a-project.js'
export { aStore, addParts, testNow } from './a-store.js'
export * from './conformance/index.js'
