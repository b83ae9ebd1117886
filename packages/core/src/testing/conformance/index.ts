// The conformance kit: what every connector must do, as checks that run on any connector.
export { type ConformanceCheck, type Outcome } from './check.js'
export { checks as conformanceChecks } from './checks/index.js'
export { loadConformanceSetups } from './load-setups.js'
export { connectorConformance } from './mocha.js'
export { type CheckReport, type ConformanceReport, type RunOptions, runConformance } from './run.js'
export type { BadConfig, ConformanceServer, ConformanceSetup, ConformanceSetups, ConformanceStart, MovingClock, Side, TestRecord, TestStream } from './setup.js'
