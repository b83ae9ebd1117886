// The shape of a code: constant summary, precise detail, next step. `area/what-is-wrong`.

export type Params = Readonly<Record<string, string | number | boolean>>

export interface DiagnosticCodeSpec<P extends Params> {
  readonly severity: 'error' | 'warning'
  readonly summary: string
  readonly detail: (params: P) => string
  readonly help: (params: P) => string
}

export interface ErrorCodeSpec<P extends Params> {
  readonly retry: 'never' | 'later'
  /** Exit code of the command that ends with this error (README, exit codes). */
  readonly exit: 1 | 3 | 4 | 5 | 6 | 64
  readonly summary: string
  readonly detail: (params: P) => string
  readonly help: (params: P) => string
}

export function diagnostic<P extends Params>(spec: DiagnosticCodeSpec<P>): DiagnosticCodeSpec<P> {
  return spec
}

export function error<P extends Params>(spec: ErrorCodeSpec<P>): ErrorCodeSpec<P> {
  return spec
}
