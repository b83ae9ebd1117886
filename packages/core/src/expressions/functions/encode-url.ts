import { borrow } from './borrowed.js'

export const encodeUrl = borrow('encodeUrl', '<s-:s>', 'string')
