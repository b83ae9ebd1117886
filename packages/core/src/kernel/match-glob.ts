// Globs over paths with forward slashes: `*`, `**`, `?`, `{a,b}`. Node 20 has no stable one.

/** @example globToRegExp('segments/**\/*.yaml').test('segments/eu/hot.yaml') // true */
export function globToRegExp(glob: string): RegExp {
  return new RegExp(`^${translate(glob.replace(/^\.\//, ''))}$`)
}

export function isGlob(path: string): boolean {
  return /[*?{]/.test(path)
}

/** The part of a glob before its first wildcard folder: where a search must start. */
export function globRoot(glob: string): string {
  const folders = glob.split('/').slice(0, -1)
  const wild = folders.findIndex(isGlob)
  return folders.slice(0, wild < 0 ? folders.length : wild).join('/')
}

function translate(glob: string): string {
  return glob.replaceAll(/\*\*\/|\*\*|\*|\?|\{[^{}]*\}|[.+^$()|[\]\\]/g, (token) => {
    if (token === '**/') return '(?:[^/]+/)*'
    if (token === '**') return '.*'
    if (token === '*') return '[^/]*'
    if (token === '?') return '[^/]'
    if (token.startsWith('{')) return `(?:${token.slice(1, -1).split(',').map(translate).join('|')})`
    return `\\${token}`
  })
}
