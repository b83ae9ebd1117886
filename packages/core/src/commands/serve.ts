import { Flags } from '@oclif/core'
import type { FoundSandbox } from '../1-project/index.js'
import type { Composition } from '../compose.js'
import type { Service } from '../http/service.js'
import type { TlsFiles } from '../http/tls.js'
import { systemClock } from '../kernel/clock.js'
import { isCdpError } from '../kernel/error.js'
import type { Json } from '../kernel/json.js'
import type { Log } from '../kernel/log.js'
import { BaseCommand, type GlobalFlags, globalFlags, logLevel } from './base-command.js'

const { config, quiet, verbose } = globalFlags
const sharedFlags = { config, quiet, verbose }
const serveFlags = {
  sandbox: Flags.string({ char: 's', multiple: true, exclusive: ['all'], description: 'sandbox to serve, several times for several; the project names the default', helpGroup: 'GLOBAL' }),
  all: Flags.boolean({ description: 'serve every sandbox of the project' }),
  watch: Flags.string({ helpValue: '<folder>', description: 'serve the project in this folder and follow its files: plan when they change (those of a git work tree when its commit changes) and apply, unless a safety limit or a mistake forbids it' }),
  metrics: Flags.string({ description: 'where health (/livez, /readyz, /startupz) and /metrics are asked: address:port; without it nowhere' }),
  'log-format': Flags.option({ options: ['human', 'json'] as const, description: 'how the log on stderr is written; without it for people on a terminal, else as JSON' })(),
  lineage: Flags.string({ helpValue: '<file or url>', description: 'where runs are told of as OpenLineage events: a file, a line for each, or a URL' }),
  collect: Flags.string({ default: '127.0.0.1:8080', description: 'where events come in: address:port; port 0 takes a free one' }),
  admin: Flags.string({ description: 'where the admin API listens: address:port, such as 127.0.0.1:8181; it needs tokens (cdp tokens create)' }),
  'admin-without-tls': Flags.boolean({ dependsOn: ['admin'], description: 'let the admin API listen beyond this machine without a certificate, where something in front of it encrypts' }),
  'tls-cert': Flags.string({ dependsOn: ['tls-key'], description: 'certificate (PEM, with its chain) of both listeners; read again on SIGHUP' }),
  'tls-key': Flags.string({ dependsOn: ['tls-cert'], description: 'its key (PEM)' }),
}

export class Serve extends BaseCommand {
  static override summary = 'Run sandboxes day and night: take events, keep profiles and memberships up to date, deliver.'
  static override description = 'Owns the sandboxes while it runs. Works from what was applied, never from the files; stops cleanly on SIGTERM and SIGINT.\nOf several sandboxes each has its own database, schedule and socket; the write key of an event tells its sandbox.'
  static override examples = ['<%= config.bin %> serve', '<%= config.bin %> serve --sandbox dev --sandbox prod --collect 0.0.0.0:8080', '<%= config.bin %> serve --all', '<%= config.bin %> serve --all --watch /srv/cdp/project --metrics 127.0.0.1:9464']
  static override flags = serveFlags

  async run(): Promise<Json> {
    const { flags } = await this.parse({ flags: serveFlags, baseFlags: sharedFlags, enableJsonFlag: true })
    const composition = this.open(flags, { log: await this.findLog(flags), folder: flags.watch })
    const [first, ...others] = await this.wantedSandboxes(composition, flags)
    if (!first) throw new Error('No sandbox is wanted.')
    const names = [first, ...others].map((each) => each.sandbox.name)
    const service = await composition.serve({
      folder: first.folder, sandboxes: [...new Set(names)], collect: flags.collect, admin: flags.admin, adminWithoutTls: flags['admin-without-tls'], tls: toTls(flags), configFile: flags.config,
      ...(flags.watch === undefined ? {} : { follow: {} }), ...(flags.metrics === undefined ? {} : { metrics: flags.metrics }), ...(flags.lineage === undefined ? {} : { lineage: flags.lineage }),
    })
    process.on('SIGHUP', () => { renew(service, composition.log) })
    for (const { name, applied } of service.sandboxes()) this.log(`${applied.project === '' ? 'Nothing applied' : applied.project} · sandbox ${name} is served at state #${String(applied.serial)}.`)
    if (service.metricsUrl !== undefined) this.log(`Metrics: ${service.metricsUrl}/metrics`)
    if (service.adminUrl !== undefined) this.log(`Admin API: ${service.adminUrl}`)
    this.log(`Events: ${service.collectUrl}`)
    const signal = await stopSignal()
    composition.log.write('info', `${signal}: finishing what was begun …`)
    await this.end(service)
    return { signal }
  }

  /** What hangs does not keep the process: it ends here, whatever still waits. */
  private async end(service: Service): Promise<void> {
    try {
      await service.stop()
    } catch (error) {
      if (!isCdpError(error, 'daemon/not-finished')) throw error
      this.logToStderr(`${error.message}\n  ${error.help}`)
      process.exit(error.exit)
    }
  }

  /** The code of the JSON log is loaded only when it is wanted. */
  private async findLog({ quiet, verbose, ...flags }: Pick<GlobalFlags, 'quiet' | 'verbose'> & { readonly 'log-format': 'human' | 'json' | undefined }): Promise<Log | undefined> {
    if ((flags['log-format'] ?? (process.stderr.isTTY ? 'human' : 'json')) === 'human') return undefined
    const { jsonLog } = await import('../kernel/json-log.js')
    return jsonLog({ from: logLevel({ quiet, verbose }), clock: systemClock })
  }

  /** Mistakes elsewhere in the files do not matter: what is served was applied. */
  private async wantedSandboxes(composition: Composition, flags: Pick<GlobalFlags, 'config'> & { readonly sandbox: readonly string[] | undefined; readonly all: boolean }): Promise<readonly FoundSandbox[]> {
    const folder = await this.projectFolder(composition, flags)
    if (flags.all) return this.accept(await composition.findSandboxes({ configFile: flags.config }), folder)
    const wanted = flags.sandbox ?? [undefined]
    const found: FoundSandbox[] = []
    for (const sandbox of wanted) {
      const checked = await composition.findSandbox({ sandbox, configFile: flags.config })
      // What was applied is served, also when the file of the sandbox cannot be read now.
      if (!checked.ok && sandbox !== undefined && composition.hasSandbox(folder, sandbox)) found.push({ folder, sandbox: { name: sandbox } })
      else found.push(this.accept(checked, folder))
    }
    return found
  }
}

function toTls({ 'tls-cert': cert, 'tls-key': key }: { readonly 'tls-cert'?: string | undefined; readonly 'tls-key'?: string | undefined }): TlsFiles | undefined {
  return cert === undefined || key === undefined ? undefined : { cert, key }
}

/** A certificate that cannot be used changes nothing. */
function renew(service: Service, log: Log): void {
  try {
    service.reloadTls()
    log.write('info', 'The certificate was read again.')
  } catch (error) {
    log.write('error', error instanceof Error ? error.message : String(error))
  }
}

/** A second signal, of either kind, ends the process at once. */
function stopSignal(): Promise<string> {
  const numbers = { SIGTERM: 15, SIGINT: 2 } as const
  return new Promise((resolve) => {
    let isStopping = false
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => {
      // As process 1 of a container there is nobody else to end it.
      if (isStopping) process.exit(128 + numbers[signal])
      isStopping = true
      resolve(signal)
    })
  })
}
