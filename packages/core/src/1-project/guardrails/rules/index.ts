// All guardrails of core that are checked on a project.
import type { GuardrailFacts } from '../../../plugins/guardrail.js'
import type { CoreGuardrail } from '../guardrail.js'
import { accountAudiences } from './account-audiences.js'
import { acctAudContent } from './acct-aud-content.js'
import { acctAudShape } from './acct-aud-shape.js'
import { acctDestSchedule } from './acct-dest-schedule.js'
import { acctDestTypes } from './acct-dest-types.js'
import { audiencesSandbox } from './audiences-sandbox.js'
import { b2bDatasets } from './b2b-datasets.js'
import { b2bDepth } from './b2b-depth.js'
import { b2bNoEventsMix } from './b2b-no-events-mix.js'
import { b2bSegments } from './b2b-segments.js'
import { batchAudiences } from './batch-audiences.js'
import { batchFrequency } from './batch-frequency.js'
import { destAttributes } from './dest-attributes.js'
import { destAudiences } from './dest-audiences.js'
import { destCount } from './dest-count.js'
import { destNoArrays } from './dest-no-arrays.js'
import { destRecordOnly } from './dest-record-only.js'
import { dimDatasets } from './dim-datasets.js'
import { dimNoNesting } from './dim-no-nesting.js'
import { dimNoTimeseries } from './dim-no-timeseries.js'
import { dimPkDepth } from './dim-pk-depth.js'
import { eventDatasets } from './event-datasets.js'
import { m1B2bOnly } from './m1-b2b-only.js'
import { m1PerClass } from './m1-per-class.js'
import { mergePolicies } from './merge-policies.js'
import { multiEntityRelations } from './multi-entity-relations.js'
import { noNurture } from './no-nurture.js'
import { profileDatasets } from './profile-datasets.js'
import { relationIdDepth } from './relation-id-depth.js'
import { sandboxes } from './sandboxes.js'
import { sdkPrivate } from './sdk-private.js'
import { segmentNeedsBatch } from './segment-needs-batch.js'
import { sourceInterval } from './source-interval.js'
import { streamWindow } from './stream-window.js'
import { streamingAudiences } from './streaming-audiences.js'

export const guardrails: readonly CoreGuardrail[] = [
  accountAudiences,
  acctAudContent,
  acctAudShape,
  acctDestSchedule,
  acctDestTypes,
  audiencesSandbox,
  b2bDatasets,
  b2bDepth,
  b2bNoEventsMix,
  b2bSegments,
  batchAudiences,
  batchFrequency,
  destAttributes,
  destAudiences,
  destCount,
  destNoArrays,
  destRecordOnly,
  dimDatasets,
  dimNoNesting,
  dimNoTimeseries,
  dimPkDepth,
  eventDatasets,
  m1B2bOnly,
  m1PerClass,
  mergePolicies,
  multiEntityRelations,
  noNurture,
  profileDatasets,
  relationIdDepth,
  sandboxes,
  sdkPrivate,
  sourceInterval,
  streamWindow,
  streamingAudiences,
]

/** Those that are checked elsewhere: where the lane of a segment is chosen. */
export const checkedElsewhere: readonly GuardrailFacts[] = [segmentNeedsBatch]
