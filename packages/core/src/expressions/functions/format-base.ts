import { borrow } from './borrowed.js'

export const formatBase = borrow('formatBase', '<n-n?:s>', 'string')
