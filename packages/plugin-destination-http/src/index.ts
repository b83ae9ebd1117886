// The plugin `@cdpkit/plugin-destination-http`: the connector `http` sends memberships to any HTTP endpoint.
import { definePlugin } from '@cdpkit/core/sdk'
import { httpConnector } from './destination.js'
import { guardrails } from './guardrails/index.js'

export const plugin = definePlugin({ name: '@cdpkit/plugin-destination-http', sdk: '^1', connectors: [httpConnector], guardrails })
