// All guardrails of core that are checked on a project. That a multi-entity segment needs batch (guardrail/segment-needs-batch) is
// checked where the lane is chosen, because it points into the expression.
import type { CoreGuardrail } from '../guardrail.js'
import { sandboxes } from './sandboxes.js'
import { streamingAudiences } from './streaming-audiences.js'

export const guardrails: readonly CoreGuardrail[] = [sandboxes, streamingAudiences]
