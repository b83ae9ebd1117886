import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { parse, parseAllDocuments } from 'yaml'
import { Serve } from '../../packages/core/src/commands/serve.js'

const folder = 'examples/deploy'
const text = (file: string): string => readFileSync(`${folder}/${file}`, 'utf8')

interface Container {
  readonly args: readonly string[]
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[]
  readonly securityContext: object
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[]
  readonly [probe: string]: unknown
}
interface PodSpec {
  readonly containers: readonly Container[]
  readonly securityContext: { readonly runAsNonRoot: boolean; readonly runAsUser: number }
  readonly terminationGracePeriodSeconds: number
  readonly volumes: readonly { readonly name: string }[]
}
interface StatefulSet {
  readonly spec: { readonly replicas: number; readonly serviceName: string; readonly template: { readonly spec: PodSpec }; readonly volumeClaimTemplates: readonly { readonly metadata: { readonly name: string } }[] }
}

/** Flags that the command line has not. */
function unknownFlags(args: readonly string[]): readonly string[] {
  assert.equal(args[0], 'serve')
  const known = new Set([...Object.keys(Serve.flags), ...Object.keys(Serve.baseFlags)].map((each) => `--${each}`))
  return args.filter((each) => each.startsWith('--') && !known.has(each))
}

describe('deployment', () => {
  it('has an image that is not root, and runs a command that exists', () => {
    const instructions = text('Dockerfile').replaceAll('\\\n', '').split('\n').filter((line) => /^[A-Z]+ /.test(line))
    const last = (name: string): string => instructions.findLast((line) => line.startsWith(`${name} `))?.slice(name.length + 1) ?? ''
    assert.deepEqual(instructions.filter((line) => line.startsWith('FROM ')), ['FROM node:24-slim AS build', 'FROM node:24-slim'])
    assert.deepEqual([last('USER'), last('VOLUME'), last('ENTRYPOINT')], ['node', '/project/.cdp', '["cdp"]'])
    assert.ok(instructions.findIndex((line) => line.startsWith('USER ')) > instructions.findLastIndex((line) => line.startsWith('RUN ')))
    assert.deepEqual(unknownFlags(JSON.parse(last('CMD')) as readonly string[]), [])
    assert.ok(existsSync('packages/core/bin/cdp.js'))
  })

  it('has Kubernetes manifests of one replica, whose probes and volumes are there', () => {
    const documents = parseAllDocuments(text('kubernetes/cdp.yaml'))
    assert.deepEqual(documents.flatMap((each) => each.errors), [])
    const objects = documents.map((each) => each.toJS() as { readonly apiVersion: string; readonly kind: string })
    assert.deepEqual(objects.map((each) => `${each.apiVersion} ${each.kind}`), ['v1 ServiceAccount', 'v1 Service', 'apps/v1 StatefulSet'])
    const { spec } = objects[2] as unknown as StatefulSet
    const pod = spec.template.spec
    const [container] = pod.containers
    assert.ok(container)
    assert.deepEqual([spec.replicas, spec.serviceName, pod.terminationGracePeriodSeconds, pod.securityContext.runAsNonRoot, pod.securityContext.runAsUser], [1, 'cdp', 30, true, 1000])
    assert.deepEqual(container.securityContext, { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } })
    const probes = ['startupProbe', 'livenessProbe', 'readinessProbe'].map((name) => (container[name] as { readonly httpGet: { readonly path: string; readonly port: string } }).httpGet)
    assert.deepEqual(probes.map((each) => each.path), ['/startupz', '/livez', '/readyz'])
    assert.ok(probes.every((each) => container.ports.some(({ name }) => name === each.port)))
    const volumes = [...pod.volumes.map((each) => each.name), ...spec.volumeClaimTemplates.map((each) => each.metadata.name)]
    assert.deepEqual(container.volumeMounts.filter((each) => !volumes.includes(each.name)), [])
    assert.deepEqual(unknownFlags(container.args), [])
  })

  it('has a compose file with a read-only root, and alerts on metrics that there are', () => {
    const { services } = parse(text('compose.yaml')) as { readonly services: { readonly cdp: Record<string, unknown> } }
    assert.deepEqual([services.cdp['read_only'], services.cdp['user'], services.cdp['cap_drop'], services.cdp['stop_grace_period']], [true, 'node', ['ALL'], '30s'])
    const { groups } = parse(text('alerts.yaml')) as { readonly groups: readonly { readonly rules: readonly { readonly expr: string }[] }[] }
    const named = groups.flatMap((each) => each.rules).flatMap((each) => each.expr.match(/cdp_\w+/g) ?? []).map((each) => each.replace(/_count$/, ''))
    const metrics = readFileSync('packages/core/src/daemon/metrics/daemon-metrics.ts', 'utf8')
    assert.deepEqual(named.filter((each) => !metrics.includes(`'${each}'`)), [])
  })

  it('has a systemd unit that runs a command that exists', () => {
    const [, command = ''] = /^ExecStart=\/usr\/bin\/env cdp (.*)$/m.exec(text('cdp.service')) ?? []
    assert.deepEqual(unknownFlags(command.split(' ')), [])
  })

  it('has a systemd unit that systemd accepts (skipped where systemd-analyze is not installed)', function () {
    const { error, status, stderr } = spawnSync('systemd-analyze', ['verify', `./${folder}/cdp.service`], { encoding: 'utf8' })
    if (error && 'code' in error && error.code === 'ENOENT') this.skip()
    // Only what is said of this unit: the others are the machine's.
    assert.deepEqual([status, stderr.split('\n').filter((line) => line.includes('cdp.service'))], [0, []])
  })
})
