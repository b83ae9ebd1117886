// The contents page of the command line: oclif's explicit table.
import { Apply } from './apply.js'
import { DeliveriesList } from './deliveries/list.js'
import { DeliveriesRetry } from './deliveries/retry.js'
import { DeliveriesSkip } from './deliveries/skip.js'
import { Destroy } from './destroy.js'
import { Doctor } from './doctor.js'
import { Explain } from './explain.js'
import { Fmt } from './fmt.js'
import { Graph } from './graph.js'
import { Import } from './import.js'
import { Init } from './init.js'
import { Plan } from './plan.js'
import { PluginsDocs } from './plugins/docs.js'
import { PluginsInfo } from './plugins/info.js'
import { PluginsList } from './plugins/list.js'
import { PluginsTest } from './plugins/test.js'
import { Preview } from './preview.js'
import { ProfileDelete } from './profile/delete.js'
import { ProfileExport } from './profile/export.js'
import { ProfileGet } from './profile/get.js'
import { Run } from './run.js'
import { RunsList } from './runs/list.js'
import { RunsShow } from './runs/show.js'
import { Serve } from './serve.js'
import { SchemaExport } from './schema/export.js'
import { Show } from './show.js'
import { StateList } from './state/list.js'
import { StateMv } from './state/mv.js'
import { StateRm } from './state/rm.js'
import { StateShow } from './state/show.js'
import { StateUnlock } from './state/unlock.js'
import { Status } from './status.js'
import { Test } from './test.js'
import { TokensCreate } from './tokens/create.js'
import { TokensList } from './tokens/list.js'
import { TokensRevoke } from './tokens/revoke.js'
import { Validate } from './validate.js'

export const commands = {
  init: Init,
  validate: Validate,
  fmt: Fmt,
  test: Test,
  plan: Plan,
  apply: Apply,
  run: Run,
  serve: Serve,
  status: Status,
  'runs:list': RunsList,
  'runs:show': RunsShow,
  'deliveries:list': DeliveriesList,
  'deliveries:retry': DeliveriesRetry,
  'deliveries:skip': DeliveriesSkip,
  preview: Preview,
  explain: Explain,
  'profile:get': ProfileGet,
  'profile:export': ProfileExport,
  'profile:delete': ProfileDelete,
  show: Show,
  graph: Graph,
  import: Import,
  'schema:export': SchemaExport,
  'plugins:list': PluginsList,
  'plugins:info': PluginsInfo,
  'plugins:docs': PluginsDocs,
  'plugins:test': PluginsTest,
  'state:list': StateList,
  'state:show': StateShow,
  'state:mv': StateMv,
  'state:rm': StateRm,
  'state:unlock': StateUnlock,
  'tokens:create': TokensCreate,
  'tokens:list': TokensList,
  'tokens:revoke': TokensRevoke,
  destroy: Destroy,
  doctor: Doctor,
}
