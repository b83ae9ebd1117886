import { borrow } from './borrowed.js'

export const base64encode = borrow('base64encode', '<s-:s>', 'string')
