import { Flags } from '@oclif/core'
import type { FoundSandbox } from '../1-project/index.js'
import type { Composition, Service } from '../compose.js'
import type { TlsFiles } from '../http/tls.js'
import type { Log } from '../kernel/log.js'
import type { Json } from '../kernel/json.js'
import { BaseCommand, type GlobalFlags, globalFlags } from './base-command.js'

const { config, quiet, verbose } = globalFlags
const sharedFlags = { config, quiet, verbose }
const serveFlags = {
  sandbox: Flags.string({ char: 's', multiple: true, exclusive: ['all'], description: 'sandbox to serve, several times for several; the project names the default', helpGroup: 'GLOBAL' }),
  all: Flags.boolean({ description: 'serve every sandbox of the project' }),
  collect: Flags.string({ default: '127.0.0.1:8080', description: 'where events come in: address:port; port 0 takes a free one' }),
  admin: Flags.string({ description: 'where the admin API listens: address:port, such as 127.0.0.1:8181; it needs tokens (cdp tokens create)' }),
  'admin-without-tls': Flags.boolean({ dependsOn: ['admin'], description: 'let the admin API listen beyond this machine without a certificate, where something in front of it encrypts' }),
  'tls-cert': Flags.string({ dependsOn: ['tls-key'], description: 'certificate (PEM, with its chain) of both listeners; read again on SIGHUP' }),
  'tls-key': Flags.string({ dependsOn: ['tls-cert'], description: 'its key (PEM)' }),
}

export class Serve extends BaseCommand {
  static override summary = 'Run sandboxes day and night: take events, keep profiles and memberships up to date, deliver.'
  static override description = 'Owns the sandboxes while it runs. Works from what was applied, never from the files; stops cleanly on SIGTERM and SIGINT.\nOf several sandboxes each has its own database, schedule and socket; the write key of an event tells its sandbox.'
  static override examples = ['<%= config.bin %> serve', '<%= config.bin %> serve --sandbox dev --sandbox prod --collect 0.0.0.0:8080', '<%= config.bin %> serve --all']
  static override flags = serveFlags

  async run(): Promise<Json> {
    const { flags } = await this.parse({ flags: serveFlags, baseFlags: sharedFlags, enableJsonFlag: true })
    const composition = this.open(flags)
    const [first, ...others] = await this.wantedSandboxes(composition, flags)
    if (!first) throw new Error('No sandbox is wanted.')
    const names = [first, ...others].map((each) => each.sandbox.name)
    const service = await composition.serve({ folder: first.folder, sandboxes: [...new Set(names)], collect: flags.collect, admin: flags.admin, adminWithoutTls: flags['admin-without-tls'], tls: toTls(flags) })
    process.on('SIGHUP', () => { renew(service, composition.log) })
    for (const { name, applied } of service.sandboxes()) this.log(`${applied.project === '' ? 'Nothing applied' : applied.project} · sandbox ${name} is served at state #${String(applied.serial)}.`)
    if (service.adminUrl !== undefined) this.log(`Admin API: ${service.adminUrl}`)
    this.log(`Events: ${service.collectUrl}`)
    const signal = await stopSignal()
    this.logToStderr(`${signal}: finishing what was begun …`)
    await service.stop()
    return { signal }
  }

  /** Mistakes elsewhere in the files do not matter: what is served was applied. */
  private async wantedSandboxes(composition: Composition, flags: Pick<GlobalFlags, 'config'> & { readonly sandbox: readonly string[] | undefined; readonly all: boolean }): Promise<readonly FoundSandbox[]> {
    const folder = await this.projectFolder(composition, flags)
    if (flags.all) return this.accept(await composition.findSandboxes({ configFile: flags.config }), folder)
    const wanted = flags.sandbox ?? [undefined]
    const found: FoundSandbox[] = []
    for (const sandbox of wanted) found.push(this.accept(await composition.findSandbox({ sandbox, configFile: flags.config }), folder))
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

/** The second signal of the same kind finds no listener and ends the process at once. */
function stopSignal(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => { resolve(signal) })
  })
}
