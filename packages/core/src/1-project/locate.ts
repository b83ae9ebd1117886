// Where the project is, and the repository around it.
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { findProject } from './find.js'

export interface ProjectLocation {
  /** Paths in diagnostics start here; where the search began when there is no project. */
  readonly folder: string
  /** Absolute path of the project file, or where it would be. */
  readonly file: string
  /** Paths in reports start here: the nearest folder with `.git`, or the project itself. */
  readonly repository: string
}

export async function locateProject({ folder, configFile }: { readonly folder: string; readonly configFile?: string }): Promise<ProjectLocation> {
  const found = await findProject(folder, configFile)
  const project = found?.folder ?? folder
  return { folder: project, file: found?.file ?? join(folder, 'cdp.yaml'), repository: findRepository(project) ?? project }
}

// A worktree has a file of that name.
function findRepository(folder: string): string | undefined {
  if (existsSync(join(folder, '.git'))) return folder
  return dirname(folder) === folder ? undefined : findRepository(dirname(folder))
}
