import { borrow } from './borrowed.js'

export const decodeUrl = borrow('decodeUrl', '<s-:s>', 'string')
