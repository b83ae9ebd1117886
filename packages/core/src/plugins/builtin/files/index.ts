// The built-in connector `files`: a source that reads CSV, JSON lines and Parquet, and a destination that writes audiences.
import { type Connector, defineConnector } from '../../sdk.js'
import { filesDestination } from './destination.js'
import { type ReadParquet, filesSourceConnector } from './source.js'

export function filesConnector(readParquet: ReadParquet): Connector {
  return defineConnector({ name: 'files', title: 'Files', source: filesSourceConnector(readParquet), destination: filesDestination })
}
