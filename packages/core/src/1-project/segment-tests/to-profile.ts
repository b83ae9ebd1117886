// A profile of a test → the root object of the expression, as the store would give it: null and empty text dropped, lists and
// keys where nothing is said, events oldest first, times in their canonical form. Everything that no expression could see is reported.
import type { Paths, ProfileEntity } from '../../entities/profile-entity.js'
import { type Json, type JsonObject, isJsonArray, isJsonObject, toText } from '../../kernel/json.js'
import { suggestion } from '../../kernel/suggest.js'
import { nameOf } from '../check-shape.js'
import type { Path } from '../read.js'
import { type RootShape, type ThingShape, defaultRelation, rootShapes } from './profile-shape.js'
import { type ThingScope, toThing } from './to-thing.js'

export interface ProfileScope extends ThingScope {
  readonly entity: ProfileEntity
  readonly paths: Paths
  /** The id of a profile that states none. */
  readonly id: string
  /** Which entity the members of each segment of the project are. */
  readonly segmentEntities: ReadonlyMap<string, ProfileEntity>
}

export interface ProfileParts {
  readonly root: JsonObject
  readonly stated: Readonly<Record<string, boolean>>
}

export function toProfile(written: JsonObject, at: Path, scope: ProfileScope): ProfileParts {
  const shapes = rootShapes[scope.entity]
  reportUnknownNames(written, at, scope)
  const parts = Object.entries(shapes).flatMap(([name, shape]) => {
    const value = toRoot(written[name] ?? null, [...at, name], shape, scope)
    return value === undefined ? [] : [[name, value] as const]
  })
  return { root: Object.fromEntries(parts), stated: toStated(written['segments'] ?? null, [...at, 'segments'], scope) }
}

function reportUnknownNames(written: JsonObject, at: Path, { entity, placed, log }: ProfileScope): void {
  const known = Object.keys(rootShapes[entity])
  for (const name of Object.keys(written).filter((each) => !known.includes(each))) {
    log.report('test/unknown-name', { name, entity, suggestion: suggestion(name, known) }, placed.keySpanOf([...at, name]))
  }
}

function toRoot(value: Json, at: Path, shape: RootShape, scope: ProfileScope): Json | undefined {
  switch (shape.is) {
    case 'id':
      return toId(value, at, scope)
    case 'one':
      return toOne(value, at, shape.of, scope)
    case 'list':
      return toList(value, at, shape.of, scope)
    case 'segments':
      return undefined
  }
}

function toId(value: Json, at: Path, { placed, log, id }: ProfileScope): string {
  if (typeof value === 'string') return value
  if (value !== null) log.report('project/wrong-type', { key: 'id', wanted: 'text (in quotes)', found: nameOf(value) }, placed.spanOf(at))
  return id
}

/** A profile is always somebody; an account has a parent or has none. */
function toOne(value: Json, at: Path, shape: ThingShape, scope: ProfileScope): JsonObject | undefined {
  const name = toText(at.at(-1))
  if (value === null && name === 'parent') return undefined
  if (value === null || isJsonObject(value)) return toThing(value ?? {}, at, shape, scope)
  scope.log.report('project/wrong-type', { key: name, wanted: 'a map', found: nameOf(value) }, scope.placed.spanOf(at))
  return undefined
}

function toList(value: Json, at: Path, shape: ThingShape, scope: ProfileScope): readonly Json[] {
  const { placed, log } = scope
  const name = toText(at.at(-1))
  if (value === null) return []
  if (!isJsonArray(value)) {
    log.report('project/wrong-type', { key: name, wanted: 'a list', found: nameOf(value) }, placed.spanOf(at))
    return []
  }
  const things = value.flatMap((each, index) => {
    const here = [...at, index]
    if (isJsonObject(each)) return [completed(toThing(each, here, shape, scope), { written: each, at: here, name }, scope)]
    log.report('project/wrong-type', { key: `${name}[${String(index)}]`, wanted: 'a map', found: nameOf(each) }, placed.spanOf(here))
    return []
  })
  return name === 'events' ? byTime(things) : things
}

/** What the store always has: the ways to an account, the time of an event. */
function completed(thing: JsonObject, { written, at, name }: { readonly written: JsonObject; readonly at: Path; readonly name: string }, { entity, paths, placed, log }: ProfileScope): JsonObject {
  if (name === 'accounts' && entity === 'person') {
    const { relation, ...rest } = thing
    const { direct, throughOpportunity, ...own } = isJsonObject(relation) ? relation : {}
    const ways = defaultRelation(paths)
    return { ...rest, relation: { ...own, direct: direct ?? ways.direct, throughOpportunity: throughOpportunity ?? ways.throughOpportunity } }
  }
  if (name === 'events' && toText(written['timestamp']) === '') log.report('project/missing-key', { key: 'timestamp', where: 'an event' }, placed.spanOf(at))
  return thing
}

function byTime(events: readonly JsonObject[]): readonly JsonObject[] {
  const timeOf = (event: JsonObject): string => toText(event['timestamp'])
  return [...events].sort((a, b) => (timeOf(a) < timeOf(b) ? -1 : Number(timeOf(a) > timeOf(b))))
}

function toStated(value: Json, at: Path, { entity, segmentEntities, placed, log }: ProfileScope): Readonly<Record<string, boolean>> {
  if (value === null) return {}
  if (!isJsonObject(value)) {
    log.report('project/wrong-type', { key: 'segments', wanted: 'a map of true or false by segment', found: nameOf(value) }, placed.spanOf(at))
    return {}
  }
  const stated = Object.entries(value).flatMap(([name, is]) => {
    const other = segmentEntities.get(name)
    const here = [...at, name]
    if (other === undefined) log.report('project/unknown-reference', { what: 'segment', name, suggestion: suggestion(name, [...segmentEntities.keys()]) }, placed.keySpanOf(here))
    else if (other !== entity) log.report('project/segment-of-other-entity', { name, wanted: entity, found: other }, placed.keySpanOf(here))
    if (typeof is === 'boolean') return [[name, is] as const]
    log.report('project/wrong-type', { key: name, wanted: 'true or false', found: nameOf(is) }, placed.spanOf(here))
    return []
  })
  return Object.fromEntries(stated)
}
