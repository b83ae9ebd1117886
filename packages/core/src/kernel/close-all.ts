// What was opened before something failed is closed again, the last opened first. One that cannot be closed keeps nobody from closing the
// others, and does not hide what failed.
export async function closeAll(closers: readonly (() => Promise<unknown>)[]): Promise<void> {
  for (const close of [...closers].reverse()) await close().catch(() => undefined)
}
