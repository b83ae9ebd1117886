import { setTimeout as sleep } from 'node:timers/promises'
import { Flags } from '@oclif/core'
import type { Project } from '../1-project/project.js'
import type { Composition } from '../compose.js'
import { type Status as SandboxStatus, readStatus } from '../daemon/read-status.js'
import type { ServingStatus } from '../daemon/serving-status.js'
import { isCdpError } from '../kernel/error.js'
import type { Json } from '../kernel/json.js'
import { renderServing } from '../render/serving-status.js'
import { renderStatus } from '../render/status.js'
import { renderStatusLine } from '../render/status-line.js'
import { BaseCommand } from './base-command.js'

interface Look {
  readonly status: SandboxStatus
  /** Absent when no daemon serves the sandbox. */
  readonly serving?: ServingStatus
}

// To the upper left corner; and what is left of the former screen away.
const home = '\u001b[H'
const clearRest = '\u001b[J'
const clearLine = '\u001b[K'

export class Status extends BaseCommand {
  static override summary = 'Health of the sandbox: last runs, sizes, what waits, what was refused.'
  static override examples = ['<%= config.bin %> status', '<%= config.bin %> status --json', '<%= config.bin %> status --watch']
  static override flags = {
    watch: Flags.boolean({ char: 'w', description: 'look again and again: a screen on a terminal, else a line each time; with --json a document on each line' }),
    every: Flags.integer({ default: 2, min: 1, description: 'seconds between two looks of --watch' }),
  }

  async run(): Promise<Json> {
    const { flags } = await this.parse(Status)
    const composition = this.open(flags)
    const project = await this.loadProject(composition, flags)
    if (flags.watch) return this.watch(composition, project, flags.every * 1000)
    const look = await this.look(composition, project)
    this.log(this.render(look))
    return toJson(look)
  }

  /** The sandbox is let go of between two looks: other commands want it, too. Ends by a signal. */
  private async watch(composition: Composition, project: Project, everyMs: number): Promise<never> {
    if (process.stdout.isTTY && !this.jsonEnabled()) process.stdout.write(`${home}${clearRest}`)
    for (;;) {
      try {
        this.show(await this.look(composition, project), composition.clock.now())
      } catch (error) {
        // A daemon that starts, stops or was killed is no reason to stop looking.
        if (!isCdpError(error) || error.retry === 'never') throw error
        this.logToStderr(`${composition.clock.now()} ${error.message}`)
      }
      await sleep(everyMs)
    }
  }

  private show(look: Look, at: string): void {
    if (this.jsonEnabled()) process.stdout.write(`${JSON.stringify({ at, ...toJson(look) })}\n`)
    else if (process.stdout.isTTY) process.stdout.write(`${home}${`${this.render(look)}\n\n${at}`.replaceAll('\n', `${clearLine}\n`)}${clearLine}\n${clearRest}`)
    else process.stdout.write(`${at} ${renderStatusLine(look.status, look.serving)}\n`)
  }

  private look(composition: Composition, project: Project): Promise<Look> {
    return this.withSandbox(composition, project, async (store, applied) => {
      const status = await readStatus(store, applied)
      const serving = await composition.findServing(store)
      return { status, ...(serving ? { serving } : {}) }
    })
  }

  private render({ status, serving }: Look): string {
    const ofDaemon = serving ? renderServing(serving, this.paint()) : ''
    return [renderStatus(status, this.paint()), ...(ofDaemon === '' ? [] : [ofDaemon])].join('\n\n')
  }
}

function toJson({ status, serving }: Look): Readonly<Record<string, Json>> {
  return JSON.parse(JSON.stringify({ ...status, ...(serving ? { serving } : {}) })) as Readonly<Record<string, Json>>
}
