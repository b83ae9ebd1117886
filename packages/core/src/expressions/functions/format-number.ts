import { borrow } from './borrowed.js'

export const formatNumber = borrow('formatNumber', '<n-so?:s>', 'string')
