// Takes the parts that a source gives, and knows in the end what a store would: records by id, what was merged, who is gone.
import type { Json, JsonObject, OpenSource, ReadPart, ReadRequest } from '../../packages/core/src/plugins/sdk.js'

export class PartsReader {
  readonly records = new Map<string, JsonObject>()
  readonly merged = new Map<string, string>()
  readonly deleted: string[] = []
  checkpoint: Json | undefined
  read = 0
  /** How often everything that is there has come. */
  wholes = 0

  constructor(private readonly key: string) {}

  /** Goes on from its checkpoint to the end, or until `stopAfter` parts: what a kill leaves is the last checkpoint. */
  async readFrom(source: OpenSource, request: Partial<ReadRequest> & { readonly stream: string }, stopAfter?: number): Promise<this> {
    let parts = 0
    for await (const part of source.read({ config: {}, ...(this.checkpoint === undefined ? {} : { checkpoint: this.checkpoint }), ...request })) {
      this.take(part)
      if (++parts === stopAfter) break
    }
    return this
  }

  take(part: ReadPart): void {
    if ('checkpoint' in part) this.checkpoint = part.checkpoint
    if ('everything' in part && part.everything === 'ends') this.wholes++
    if (!('records' in part)) return
    for (const change of part.records) {
      this.read++
      if (change.op === 'upsert') this.records.set(change.record[this.key] as string, change.record)
      else if (change.op === 'delete') { this.records.delete(change.key); this.deleted.push(change.key) }
      else if (change.op === 'merge') { this.records.delete(change.key); this.merged.set(change.key, change.into) }
    }
  }

  names(field = 'LastName'): readonly unknown[] {
    return [...this.records.values()].map((each) => each[field]).sort()
  }
}
