// A database file that is locked by a process that has ended elsewhere (a container, a network file system that did not notice)
// becomes a new file of the same name and content, which nobody has locked.
import { copyFile, rename } from 'node:fs/promises'

/** Whoever still works on the old file goes on with a file that has no name any more: make sure that nobody does. */
export async function takeOver(path: string): Promise<void> {
  await copyFile(path, `${path}.copy`)
  await rename(`${path}.copy`, path)
}
