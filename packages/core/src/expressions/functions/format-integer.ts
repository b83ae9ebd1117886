import { borrow } from './borrowed.js'

export const formatInteger = borrow('formatInteger', '<n-s:s>', 'string')
