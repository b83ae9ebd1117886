// How a destination that was applied becomes one that can be asked.
import type { Destination } from '../1-project/project.js'
import type { AppliedResource } from '../2-plan/applied.js'
import type { DestinationCapabilities, OpenDestination } from '../plugins/sdk.js'

export type ConnectorsOf = (destination: AppliedResource<Destination>) => { readonly open: OpenDestination; readonly capabilities: DestinationCapabilities }
