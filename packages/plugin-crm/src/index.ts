// The plugin `@cdpkit/plugin-crm`: B2B data straight from the CRM, and audiences back into it.
import { definePlugin } from '@cdpkit/core/sdk'
import { dynamicsConnector } from './dynamics/connector.js'
import { sfDestFields } from './guardrails/sf-dest-fields.js'
import { hubspotConnector } from './hubspot/connector.js'
import { salesforceConnector } from './salesforce/connector.js'

export const plugin = definePlugin({ name: '@cdpkit/plugin-crm', sdk: '^1', connectors: [salesforceConnector, dynamicsConnector, hubspotConnector], guardrails: [sfDestFields] })
