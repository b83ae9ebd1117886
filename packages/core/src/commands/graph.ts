import { Args, Flags } from '@oclif/core'
import { type Lineage, type LineageRequest, aroundNode, toLineage } from '../daemon/lineage.js'
import type { Composition } from '../compose.js'
import { fail } from '../kernel/error.js'
import type { Json } from '../kernel/json.js'
import { renderDot, renderMermaid } from '../render/lineage.js'
import { BaseCommand, type GlobalFlags } from './base-command.js'

export class Graph extends BaseCommand {
  static override summary = 'What comes from where and goes where: sources, streams, entities, segments, destinations.'
  static override description = 'Of the project files, or with --applied of what runs work from. With an address only what leads to it and what it leads to. Mermaid is drawn by GitHub and GitLab inside a ```mermaid block; DOT by Graphviz.'
  static override examples = ['<%= config.bin %> graph', '<%= config.bin %> graph Segment/hot-leads --format dot | dot -Tsvg > lineage.svg', '<%= config.bin %> graph --applied --format json']
  static override args = { address: Args.string({ description: 'Source/name, Schema/entity, Segment/name or Destination/name' }) }
  static override flags = {
    format: Flags.option({ options: ['mermaid', 'dot', 'json'] as const, default: 'mermaid', description: 'how to write it' })(),
    applied: Flags.boolean({ description: 'the applied state instead of the files' }),
  }

  async run(): Promise<Json> {
    const { args, flags } = await this.parse(Graph)
    const composition = this.open(flags)
    const whole = toLineage(flags.applied ? await this.applied(composition, flags) : await this.loadProjectAsWritten(composition, flags))
    const lineage = args.address === undefined ? whole : around(whole, args.address)
    switch (flags.format) {
      case 'mermaid':
        this.log(renderMermaid(lineage).trimEnd())
        break
      case 'dot':
        this.log(renderDot(lineage).trimEnd())
        break
      case 'json':
        this.log(JSON.stringify(lineage, null, 2))
    }
    return lineage as unknown as Json
  }

  private async applied(composition: Composition, flags: GlobalFlags): Promise<LineageRequest> {
    const place = this.accept(await composition.findSandbox({ sandbox: flags.sandbox, configFile: flags.config }), await this.projectFolder(composition, flags))
    if (!composition.hasSandbox(place.folder, place.sandbox.name)) throw fail('apply/nothing-applied', { sandbox: place.sandbox.name })
    return this.withSandbox(composition, place, (_store, { sources, segments, destinations }) => {
      const specs = <Spec>(all: Readonly<Record<string, { readonly spec: Spec }>>): readonly Spec[] => Object.values(all).map((each) => each.spec)
      return Promise.resolve({ sources: specs(sources), segments: specs(segments), destinations: specs(destinations) })
    })
  }
}

/** Kinds in any letter case, as elsewhere. */
function around(lineage: Lineage, written: string): Lineage {
  const found = lineage.nodes.find((each) => each.id.toLowerCase() === written.toLowerCase())
  if (!found) throw fail('cli/unknown-address', { written, known: lineage.nodes.map((each) => each.id).join(', ') })
  return aroundNode(lineage, found.id)
}
