// The contents page of the admin API.
import { findAppliedStep, readAppliedHistory } from '../../2-plan/index.js'
import { deliveryStatuses } from '../../7-activation/delivery.js'
import { listOpenDeliveries, retryDeliveries, skipDeliveries } from '../../7-activation/index.js'
import { noteExport } from '../../daemon/privacy/delete-profile.js'
import { exportProfile } from '../../daemon/privacy/export-profile.js'
import { readComponents } from '../../daemon/read-components.js'
import { readProfile } from '../../daemon/read-profile.js'
import { readQuarantine } from '../../daemon/read-quarantine.js'
import { type RunStatus, findRun, readRuns } from '../../daemon/read-runs.js'
import { readSegmentLines, readStatus } from '../../daemon/read-status.js'
import type { RunOptions } from '../../daemon/run.js'
import { readSegmentSizes } from '../../daemon/segment-sizes.js'
import { parseIdentity } from '../../entities/identity-value.js'
import { parseAddress } from '../../kernel/address.js'
import { type AdminCall, type AdminRoute, Refusal } from './route.js'
import * as shape from './shapes.js'

const { text, choice, limit } = shape
const identity = text('namespace:value, such as email:ada@acme.example.')
const deliveryFilter = { destination: text('Only of this destination.'), segment: text('Only of this segment.'), status: choice(deliveryStatuses, 'Only in this state.'), code: text('Only with this code.') }
const mostQuarantinedOfRun = 100

export const routes: readonly AdminRoute[] = [
  { method: 'GET', path: '/v1/status', name: 'getStatus', summary: 'The sandbox in one look.', role: 'read', gives: shape.status, answer: ({ sandbox }) => readStatus(sandbox.store, sandbox.applied()) },
  {
    method: 'GET', path: '/v1/runs', name: 'listRuns', summary: 'The passes, the newest first.', role: 'read', gives: shape.runs,
    query: { limit, status: choice(['running', 'done', 'undelivered', 'failed', 'interrupted'], 'Only those that ended so.') },
    answer: async ({ sandbox, query }) => ({ runs: await readRuns(sandbox.store, { limit: Number(query['limit']), ...(query['status'] === undefined ? {} : { status: query['status'] as RunStatus }) }) }),
  },
  { method: 'GET', path: '/v1/runs/:run', name: 'getRun', summary: 'One pass.', role: 'read', params: { run: text('Its id, or last.') }, gives: shape.run, answer: getRun },
  { method: 'POST', path: '/v1/runs', name: 'startRun', summary: 'Begin a pass; it runs when those before it have ended.', role: 'write', body: shape.wantedRun, status: 202, gives: shape.startedRun, answer: startRun },
  { method: 'GET', path: '/v1/segments', name: 'listSegments', summary: 'The segments with their sizes.', role: 'read', gives: shape.segments, answer: async ({ sandbox }) => ({ segments: await readSegmentLines(sandbox.store, sandbox.applied()) }) },
  { method: 'GET', path: '/v1/segments/:segment/sizes', name: 'listSegmentSizes', summary: 'How large a segment was over time.', role: 'read', params: { segment: text('Its name.') }, query: { limit }, gives: shape.segmentSizes, answer: segmentSizes },
  { method: 'GET', path: '/v1/profiles/:identity', name: 'getProfile', summary: 'One person or account with everything around it.', role: 'read', params: { identity }, gives: shape.profile, answer: getProfile },
  { method: 'GET', path: '/v1/profiles/:identity/export', name: 'exportProfile', summary: 'Everything that is known of one person. That it was asked for is noted.', role: 'admin', params: { identity }, gives: shape.exportedProfile, answer: getExport },
  {
    method: 'DELETE', path: '/v1/profiles/:identity', name: 'deleteProfile', summary: 'Delete one person here, and take them out of every audience.', role: 'admin', params: { identity },
    query: { allowReturn: { type: 'boolean', default: false, description: 'Whether the same records may come back with the next read.' } }, gives: shape.deletedProfile, answer: deletePerson,
  },
  {
    method: 'GET', path: '/v1/deliveries', name: 'listDeliveries', summary: 'What is not delivered yet, and why.', role: 'read', query: { ...deliveryFilter, limit }, gives: shape.deliveries,
    answer: ({ sandbox, query }) => listOpenDeliveries(sandbox.store, sandbox.applied(), { ...query, limit: Number(query['limit']) }),
  },
  { method: 'POST', path: '/v1/deliveries/retry', name: 'retryDeliveries', summary: 'Try again now.', role: 'write', body: shape.chosenDeliveries(deliveryFilter), gives: shape.settledDeliveries, answer: ({ sandbox, body }) => retryDeliveries(sandbox.store, sandbox.applied(), body, sandbox.clock) },
  { method: 'POST', path: '/v1/deliveries/skip', name: 'skipDeliveries', summary: 'Give up for good.', role: 'write', body: shape.chosenDeliveries(deliveryFilter), gives: shape.settledDeliveries, answer: ({ sandbox, body }) => skipDeliveries(sandbox.store, sandbox.applied(), body) },
  {
    method: 'GET', path: '/v1/quarantine', name: 'listQuarantine', summary: 'Records that were refused, the newest first.', role: 'read', gives: shape.quarantined,
    query: { source: text('Only of this source.'), stream: text('Only of this stream.'), code: text('Only with this code.'), limit },
    answer: async ({ sandbox, query }) => ({ records: await readQuarantine(sandbox.store, sandbox.applied(), { ...query, limit: Number(query['limit']) }) }),
  },
  { method: 'GET', path: '/v1/plans', name: 'listPlans', summary: 'The applied plans, the newest first.', role: 'read', query: { limit }, gives: shape.plans, answer: async ({ sandbox, query }) => ({ plans: await readAppliedHistory(sandbox.store, Number(query['limit'])) }) },
  {
    method: 'GET', path: '/v1/plans/:serial', name: 'getPlan', summary: 'What an applied plan changed.', role: 'read', params: { serial: { type: 'integer', minimum: 1, description: 'The state that it made.' } }, gives: shape.plan,
    answer: async ({ sandbox, params }) => (await findAppliedStep(sandbox.store, Number(params['serial']))) ?? new Refusal(404, 'That state is not kept.'),
  },
]

async function getRun({ sandbox, params }: AdminCall): Promise<unknown> {
  const { run = '' } = params
  if (sandbox.queuedRuns().includes(run)) return { run, serial: null, startedAt: null, endedAt: null, status: 'queued', summary: {} }
  return (await findRun(sandbox.store, sandbox.applied(), run, mostQuarantinedOfRun)) ?? new Refusal(404, 'There is no such run.')
}

function startRun({ sandbox, body }: AdminCall): Promise<unknown> {
  if (sandbox.applied().serial === 0) return Promise.resolve(new Refusal(409, 'Nothing is applied yet.'))
  const { only: written, ...options } = body as Omit<RunOptions, 'only'> & { readonly only?: string }
  const only = written === undefined ? undefined : parseAddress(written)
  return Promise.resolve({ run: sandbox.startRun({ ...options, ...(only ? { only } : {}) }), status: 'queued' })
}

async function segmentSizes({ sandbox, params, query }: AdminCall): Promise<unknown> {
  const segment = Object.values(sandbox.applied().segments).find((each) => each.spec.name === params['segment'])
  if (!segment) return new Refusal(404, 'There is no such segment.')
  const segments = await readSegmentLines(sandbox.store, sandbox.applied())
  return { segment: segment.spec.name, members: segments.find((each) => each.segment === segment.spec.name)?.members ?? 0, sizes: await readSegmentSizes(sandbox.store, segment.uid, Number(query['limit'])) }
}

async function getProfile({ sandbox, params }: AdminCall): Promise<unknown> {
  const identity = parseIdentity(params['identity'] ?? '')
  const found = identity && (await readProfile(sandbox.store, sandbox.applied(), identity))
  return found ? { ...found, components: await readComponents(sandbox.store, sandbox.applied(), found) } : new Refusal(404, 'Nobody is known by that identity.')
}

async function getExport({ sandbox, params }: AdminCall): Promise<unknown> {
  const identity = parseIdentity(params['identity'] ?? '')
  const found = identity && (await exportProfile(sandbox.store, sandbox.applied(), identity, sandbox.clock))
  if (!found) return new Refusal(404, 'Nobody is known by that identity.')
  await noteExport(sandbox.store, { request: sandbox.newId(), identity, salt: sandbox.newId(), clock: sandbox.clock })
  return found
}

async function deletePerson({ sandbox, params, query }: AdminCall): Promise<unknown> {
  const identity = parseIdentity(params['identity'] ?? '')
  const deleted = identity && (await sandbox.deleteProfile(identity, query['allowReturn'] === true))
  return deleted ?? new Refusal(404, 'Nobody is known by that identity.')
}
