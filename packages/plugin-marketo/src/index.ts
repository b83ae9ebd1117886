// The plugin `@cdpkit/plugin-marketo`: the connector `marketo` reads Adobe Marketo Engage and fills its static lists.
import { defineConnector, definePlugin } from '@cdpkit/core/sdk'
import { marketoDestination } from './destination.js'
import { guardrails } from './guardrails/index.js'
import { marketoSource } from './source.js'

export const marketoConnector = defineConnector({ name: 'marketo', title: 'Adobe Marketo Engage', source: marketoSource, destination: marketoDestination })

export const plugin = definePlugin({ name: '@cdpkit/plugin-marketo', sdk: '^1', connectors: [marketoConnector], guardrails })
