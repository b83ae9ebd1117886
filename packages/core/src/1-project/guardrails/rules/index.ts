// All guardrails that are checked on a project. That a multi-entity segment needs batch is checked where the lane is chosen.
import type { Guardrail } from '../guardrail.js'
import { destinations } from './destinations.js'
import { sandboxes } from './sandboxes.js'
import { segments } from './segments.js'
import { streamingSegments } from './streaming-segments.js'

export const guardrails: readonly Guardrail[] = [sandboxes, segments, streamingSegments, destinations]
