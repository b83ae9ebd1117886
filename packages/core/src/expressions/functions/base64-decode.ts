import { borrow } from './borrowed.js'

export const base64decode = borrow('base64decode', '<s-:s>', 'string')
