// A day's calls, counted on disk so that restarts, other processes and other sandboxes of the project count together. Calls are
// taken in blocks: a line per block is appended to the day's file, and its place in the file decides whether it still fits. No
// lock is needed, and a crash loses at most a block, never a call too many.
import { appendFile, mkdir, readFile, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'

export interface QuotaLedger {
  /** Takes one call of the day's; false when the account has had `limit` of them already. */
  take(account: string, day: string, limit: number): Promise<boolean>
  /** How many were taken of the day's. */
  used(account: string, day: string): Promise<number>
  /** Gives back what was taken and not used. */
  close(): Promise<void>
}

/** Blocks are a two-hundredth of the limit, so that a crash costs little and the file stays small. */
const blocksPerDay = 200

interface Block {
  readonly file: string
  left: number
}

export function folderLedger(folder: string, newId: () => string): QuotaLedger {
  const blocks = new Map<string, Block>()
  let turn: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = turn.then(work, work)
    turn = result.catch(() => undefined)
    return result
  }
  return {
    take: (account, day, limit) => inTurn(async () => {
      const key = `${account} ${day} ${String(limit)}`
      const block = blocks.get(key) ?? { file: join(folder, `${fileName(account)}.${day}`), left: 0 }
      blocks.set(key, block)
      if (block.left === 0) block.left = await takeBlock(block.file, limit, newId())
      if (block.left === 0) return false
      block.left--
      return true
    }),
    used: async (account, day) => sumUpTo(await read(join(folder, `${fileName(account)}.${day}`)), undefined),
    close: () => inTurn(async () => {
      for (const { file, left } of blocks.values()) if (left > 0) await append(file, -left, newId())
      blocks.clear()
    }),
  }
}

async function takeBlock(file: string, limit: number, id: string): Promise<number> {
  for (let size = Math.max(1, Math.floor(limit / blocksPerDay)); size >= 1; size = Math.floor(size / 2)) {
    const used = sumUpTo(await read(file), undefined)
    if (used === 0) await forgetOldDays(file)
    if (used + size > limit) continue
    await append(file, size, id)
    if (sumUpTo(await read(file), id) <= limit) return size
    // Others were faster: the block is given back as if it had never been.
    await append(file, -size, id)
  }
  return 0
}

async function append(file: string, calls: number, id: string): Promise<void> {
  await mkdir(join(file, '..'), { recursive: true })
  await appendFile(file, `${String(calls)} ${id}\n`)
}

async function read(file: string): Promise<readonly string[]> {
  try {
    return (await readFile(file, 'utf8')).split('\n')
  } catch (error) {
    if ((error as { readonly code?: string }).code === 'ENOENT') return []
    throw error
  }
}

function sumUpTo(lines: readonly string[], id: string | undefined): number {
  let sum = 0
  for (const line of lines) {
    sum += Number.parseInt(line, 10) || 0
    if (id !== undefined && line.endsWith(` ${id}`)) break
  }
  return sum
}

async function forgetOldDays(file: string): Promise<void> {
  const [folder, account] = [join(file, '..'), file.slice(file.lastIndexOf('/') + 1).replace(/\.[^.]*$/, '')]
  const known = await readdir(folder).catch(() => [])
  const older = known.filter((each) => each.startsWith(`${account}.`) && join(folder, each) < file).sort().slice(0, -1)
  await Promise.all(older.map((each) => rm(join(folder, each), { force: true })))
}

function fileName(account: string): string {
  return account.replaceAll(/[^A-Za-z0-9-]/g, '_')
}

/** For tests, and for whoever keeps no folder. */
export function memoryLedger(): QuotaLedger {
  const used = new Map<string, number>()
  return {
    take: (account, day, limit) => {
      const key = `${account} ${day}`
      const count = used.get(key) ?? 0
      if (count < limit) used.set(key, count + 1)
      return Promise.resolve(count < limit)
    },
    used: (account, day) => Promise.resolve(used.get(`${account} ${day}`) ?? 0),
    close: () => Promise.resolve(),
  }
}
